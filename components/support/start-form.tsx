'use client';
import { toast } from 'sonner';
import { Field, Form, Input, SubmitButton, Textarea } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

export interface StartFormProps {
  tenantId: string;
  /** Begins a session, or asks the owners to let one. */
  kind: 'start' | 'ask';
  action: (input: {
    tenantId: string;
    reason: string;
    ticket?: string;
  }) => Promise<ActionResult<unknown>>;
}

/** Why staff want to look into an organisation; its people read it. */
export function StartForm({ tenantId, kind, action }: StartFormProps) {
  return (
    <Form<{ tenantId: string; reason: string; ticket?: string }, unknown>
      action={(given) => action({ ...given, tenantId })}
      onSuccess={() => {
        if (kind === 'ask') toast.success('The owners are asked. Their answer shows here.');
      }}
    >
      <Field
        label="Reason"
        name="reason"
        hint="The customer reads it, now and on their record."
        required
      >
        <Textarea rows={3} maxLength={500} />
      </Field>
      <Field label="Ticket" name="ticket" optional>
        <Input maxLength={100} autoComplete="off" />
      </Field>
      <SubmitButton className="self-start">
        {kind === 'start' ? 'Look in for 30 minutes' : 'Ask the owners'}
      </SubmitButton>
    </Form>
  );
}
