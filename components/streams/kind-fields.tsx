'use client';
import { Field, Input, Textarea } from '@/components/ui';
import type { StreamKind } from '@/lib/streams/contract';

function WebhookFields() {
  return (
    <Field
      label="Address"
      name="url"
      required
      hint="Gets batches of events by POST. The secret that signs them is shown once it is set up."
    >
      <Input type="url" placeholder="https://siem.example.com/tenantry" autoComplete="off" />
    </Field>
  );
}

function SyslogFields() {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-[1fr_7rem]">
        <Field label="Server" name="host" required>
          <Input placeholder="syslog.example.com" autoComplete="off" />
        </Field>
        <Field label="Port" name="port" required>
          <Input inputMode="numeric" defaultValue="6514" autoComplete="off" />
        </Field>
      </div>
      <Field
        label="Certificate of its authority"
        name="authority"
        optional
        hint="PEM, when the server’s certificate is not signed by a public authority."
      >
        <Textarea rows={3} spellCheck={false} />
      </Field>
    </>
  );
}

function BucketFields() {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Bucket" name="bucket" required>
          <Input autoComplete="off" />
        </Field>
        <Field label="Region" name="region" required>
          <Input defaultValue="eu-central-1" autoComplete="off" />
        </Field>
        <Field label="Folder" name="prefix" optional>
          <Input placeholder="tenantry/audit" autoComplete="off" />
        </Field>
        <Field label="Server" name="endpoint" optional hint="When it is not Amazon’s.">
          <Input type="url" placeholder="https://minio.example.com" autoComplete="off" />
        </Field>
        <Field label="Access key id" name="accessKey" required>
          <Input autoComplete="off" spellCheck={false} />
        </Field>
        <Field label="Secret access key" name="secretAccessKey" required>
          <Input type="password" autoComplete="off" />
        </Field>
      </div>
      <p className="text-muted text-xs">
        Give it a key that may only put files there (s3:PutObject). It is kept sealed.
      </p>
    </>
  );
}

/** What a stream of this kind needs to be told. */
export function KindFields({ kind }: { kind: StreamKind }) {
  if (kind === 'webhook') return <WebhookFields />;
  return kind === 'syslog' ? <SyslogFields /> : <BucketFields />;
}
