'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { Callout, Field, Form, Input, SubmitButton, Textarea } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { ShredInput } from '@/lib/two-persons/contract';

export interface ShredFormProps {
  tenant: { readonly id: string; readonly name: string };
  onAsk: (input: ShredInput) => Promise<ActionResult<{ approvalId: string }>>;
}

/** Asks a second person to approve that a tenant's keys are destroyed. */
export function ShredForm({ tenant, onAsk }: ShredFormProps) {
  const router = useRouter();
  const [typed, setTyped] = useState('');
  return (
    <Form<ShredInput, { approvalId: string }>
      action={onAsk}
      read={(data) => ({
        tenantId: tenant.id,
        typed: String(data.get('typed') ?? ''),
        reason: String(data.get('reason') ?? ''),
      })}
      onSuccess={({ approvalId }) => {
        toast.success('Asked. The platform admins are written to within a minute.');
        router.push(`/admin/approvals/${approvalId}`);
      }}
      className="max-w-2xl"
    >
      <Callout tone="danger" title="There is no way back">
        Every credential of its connections, and all else that is sealed for it, cannot be opened by
        anybody any more.
      </Callout>
      <Field label="Why" name="reason" hint="For the second person and the record." required>
        <Textarea maxLength={500} rows={3} />
      </Field>
      <Field label={`Type ${tenant.name} to confirm`} name="typed" required>
        <Input
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      </Field>
      <SubmitButton variant="danger" className="self-start" disabled={typed.trim() !== tenant.name}>
        Ask for approval
      </SubmitButton>
    </Form>
  );
}
