'use client';
import { useState } from 'react';
import { toast } from 'sonner';
import { CodeField, type DemoCodes } from '@/components/second-factor';
import {
  Button,
  Card,
  CardBody,
  CardHeader,
  Field,
  Form,
  SubmitButton,
  Textarea,
} from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { DecisionInput } from '@/lib/two-persons/contract';

export interface DecisionFormProps {
  approvalId: string;
  /** Whether a yes counts: not when its asker has left the staff. */
  approvable: boolean;
  demo: DemoCodes | null;
  onDecide: (input: DecisionInput) => Promise<ActionResult<{ outcome: string }>>;
}

/** Approves or declines what another person asked for, with a fresh code. */
export function DecisionForm({ approvalId, approvable, demo, onDecide }: DecisionFormProps) {
  return (
    <Card aria-labelledby="decision" className="max-w-2xl">
      <CardHeader
        id="decision"
        title="Your decision"
        description={
          approvable
            ? 'What you approve is carried out at once. Both of you are on record.'
            : 'It can only be declined. Both of you are on record.'
        }
      />
      <CardBody>
        <Form<DecisionInput, { outcome: string }>
          action={onDecide}
          read={(data) => ({
            approvalId,
            decision: data.get('decision') === 'approved' ? 'approved' : 'declined',
            note: String(data.get('note') ?? ''),
            code: String(data.get('code') ?? ''),
          })}
          onSuccess={({ outcome }) => void toast.success(outcome)}
        >
          <Field label="Note" name="note" hint="What you looked at; it stays on record." required>
            <Textarea maxLength={500} rows={2} />
          </Field>
          <CodeField demo={demo} hint="A fresh code of your second factor." />
          <div className="flex flex-wrap gap-2">
            {approvable && (
              <SubmitButton name="decision" value="approved">
                Approve
              </SubmitButton>
            )}
            <SubmitButton name="decision" value="declined" variant="secondary">
              Decline
            </SubmitButton>
          </div>
        </Form>
      </CardBody>
    </Card>
  );
}

export interface CarryOutAgainProps {
  approvalId: string;
  onCarryOut: (input: { approvalId: string }) => Promise<ActionResult<{ outcome: string }>>;
}

/** Tries again what was approved and failed. */
export function CarryOutAgain({ approvalId, onCarryOut }: CarryOutAgainProps) {
  const [pending, setPending] = useState(false);
  async function tryAgain() {
    setPending(true);
    const answer = await onCarryOut({ approvalId });
    setPending(false);
    if (answer.ok) toast.success(answer.data.outcome);
    else toast.error(answer.error.message);
  }
  return (
    <Button loading={pending} onClick={tryAgain}>
      Try again
    </Button>
  );
}
