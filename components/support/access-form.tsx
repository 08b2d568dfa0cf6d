'use client';
import { toast } from 'sonner';
import { Form, RadioGroup, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { SupportAccess } from '@/lib/support/contract';

export interface AccessFormProps {
  access: SupportAccess;
  onSet: (input: { access: SupportAccess }) => Promise<ActionResult<unknown>>;
}

/** Whether support may look by itself, or asks the owners each time. */
export function AccessForm({ access, onSet }: AccessFormProps) {
  return (
    <Form<{ access: SupportAccess }, unknown>
      action={onSet}
      onSuccess={() => void toast.success('Saved. It holds from now on.')}
    >
      <RadioGroup
        legend="May support look in?"
        hideLegend
        name="access"
        defaultValue={access}
        options={[
          {
            value: 'open',
            label: 'Yes, when there is a reason',
            description: 'You see it while it happens, can end it, and find it on your record.',
          },
          {
            value: 'ask',
            label: 'Only after an owner approves',
            description: 'Owners are written to each time. If nobody answers, nobody looks.',
          },
        ]}
      />
      <SubmitButton className="self-start">Save</SubmitButton>
    </Form>
  );
}
