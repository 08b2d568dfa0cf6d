import type { Metadata } from 'next';
import { z } from 'zod';
import { MailText } from '@/components/platform/mail-text';
import {
  Card,
  CardBody,
  CardHeader,
  CopyButton,
  DateTime,
  KeyValue,
  PageHeader,
} from '@/components/ui';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { openOutboxMail } from '@/lib/platform';

export const metadata: Metadata = { title: 'Mail' };

export default staffPage(
  { role: 'support', params: z.object({ mailId: idOf('mail') }) },
  async ({ staff, params: { mailId } }) => {
    const mail = await openOutboxMail(staff, mailId);
    return (
      <>
        <PageHeader
          title={mail.subject}
          breadcrumbs={[{ label: 'Outbox', href: '/admin/outbox' }]}
        />
        <KeyValue
          items={[
            { label: 'To', value: mail.to },
            { label: 'Written', value: <DateTime value={mail.sentAt} format="absolute" /> },
          ]}
        />
        <Card className="mt-6 max-w-3xl">
          <CardBody>
            <MailText text={mail.text} />
          </CardBody>
        </Card>
        {mail.attachments.map(({ filename, content }) => (
          <Card key={filename} aria-label={`Attached: ${filename}`} className="mt-4 max-w-3xl">
            <CardHeader
              title="Attached"
              description={<span className="wrap-anywhere">{filename}</span>}
              actions={<CopyButton value={content} label="Copy what is attached" />}
            />
            <CardBody>
              <pre className="wrap-anywhere whitespace-pre-wrap text-xs leading-5">{content}</pre>
            </CardBody>
          </Card>
        ))}
      </>
    );
  },
);
