'use client';
import { toast } from 'sonner';
import { Button, Field, Form, Input } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { SupportRequestRow } from '@/lib/support/contract';

interface Decision {
  requestId: string;
  decision: 'approve' | 'decline';
  code?: string;
}

export interface DecideFormProps {
  request: SupportRequestRow;
  /** The owner has a second factor: an approval needs its code. */
  asksCode: boolean;
  onDecide: (input: Decision) => Promise<ActionResult<unknown>>;
}

/** Answers support's question: which button was pressed is the decision. */
export function DecideForm({ request, asksCode, onDecide }: DecideFormProps) {
  return (
    <Form<Decision, unknown>
      read={(data) => ({
        requestId: request.id,
        decision: data.get('decision') === 'approve' ? 'approve' : 'decline',
        ...(data.get('code') ? { code: String(data.get('code')) } : {}),
      })}
      action={onDecide}
      onSuccess={() => void toast.success('Answered.')}
    >
      <p className="break-words text-sm">{request.reason}</p>
      {asksCode && (
        <Field
          label="Code of your second factor"
          name="code"
          hint="To approve. Declining needs none."
        >
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={40} />
        </Field>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" name="decision" value="approve" variant="primary">
          Approve one session
        </Button>
        <Button type="submit" name="decision" value="decline">
          Decline
        </Button>
      </div>
    </Form>
  );
}
