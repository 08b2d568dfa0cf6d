'use client';
import { toast } from 'sonner';
import { Field, Form, SubmitButton, Textarea } from '@/components/ui';
import type { AcknowledgeInput } from '@/lib/alerts/contract';
import type { ActionResult } from '@/lib/errors/contract';

export interface AcknowledgeFormProps {
  alertId: string;
  onAcknowledge: (input: AcknowledgeInput) => Promise<ActionResult<unknown>>;
}

/** Closes an alert, with what was found. */
export function AcknowledgeForm({ alertId, onAcknowledge }: AcknowledgeFormProps) {
  return (
    <Form<AcknowledgeInput, unknown>
      action={onAcknowledge}
      read={(data) => ({ alertId, note: String(data.get('note') ?? '') })}
      onSuccess={() => void toast.success('The alert is acknowledged.')}
      className="mt-6 max-w-2xl"
    >
      <Field
        label="What you found"
        name="note"
        hint="Stays with the alert, with your name and the time. More of the same opens a new one."
        required
      >
        <Textarea maxLength={2_000} />
      </Field>
      <SubmitButton className="self-start">Acknowledge</SubmitButton>
    </Form>
  );
}
