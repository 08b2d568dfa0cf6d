import { type Column, DateTime, EmptyState, Table } from '@/components/ui';

interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly sentAt: Date;
}

const columns: readonly Column<Mail>[] = [
  { key: 'subject', header: 'Subject', primary: true, cell: (mail) => mail.subject },
  { key: 'to', header: 'To', cell: (mail) => mail.to },
  { key: 'at', header: 'Written', cell: (mail) => <DateTime value={mail.sentAt} /> },
];

/** Mail that was kept instead of being sent. */
export function OutboxList({ mails }: { mails: readonly Mail[] }) {
  return (
    <Table
      caption="Mail in the outbox"
      columns={columns}
      rows={mails}
      rowKey={(mail) => mail.id}
      rowHref={(mail) => `/admin/outbox/${mail.id}`}
      empty={
        <EmptyState
          title="No mail yet"
          description="Invitations and other mail appear here as soon as they are written."
        />
      }
    />
  );
}
