'use client';
import { CircleStop } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button, Callout, Dialog, Field, Form, SubmitButton, Textarea } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

type Input = { runId: string; reason: string };

export interface CancelRunProps {
  runId: string;
  tenantName: string;
  /** Somebody has asked already. */
  asked: boolean;
  onCancel: (input: Input) => Promise<ActionResult<unknown>>;
}

/** Stops a run of a tenant's; staff say why, and the tenant reads it. */
export function CancelRun({ runId, tenantName, asked, onCancel }: CancelRunProps) {
  const router = useRouter();
  if (asked) {
    return (
      <Button icon={<CircleStop />} disabled>
        Stopping
      </Button>
    );
  }
  return (
    <Dialog
      title="Cancel this run?"
      description={`It is ${tenantName}’s. Your name and your reason stand on their record.`}
      trigger={
        <Button variant="danger" icon={<CircleStop />}>
          Cancel run
        </Button>
      }
    >
      <Form<Input, unknown>
        action={onCancel}
        read={(data) => ({ runId, reason: String(data.get('reason') ?? '') })}
        onSuccess={() => router.refresh()}
      >
        <Callout tone="neutral" title="What was done stays done">
          It ends before its next change. It cannot be taken up again; the tenant can run it anew.
        </Callout>
        <Field name="reason" label="Reason" required>
          <Textarea rows={3} maxLength={500} />
        </Field>
        <SubmitButton className="self-end" variant="danger">
          Cancel run
        </SubmitButton>
      </Form>
    </Dialog>
  );
}
