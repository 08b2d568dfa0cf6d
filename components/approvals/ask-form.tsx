'use client';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { Field, Form, RadioGroup, SubmitButton, Textarea } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { AskAboutTenantInput } from '@/lib/two-persons/contract';

export interface AskFormProps {
  tenantId: string;
  onAsk: (input: AskAboutTenantInput) => Promise<ActionResult<{ approvalId: string }>>;
}

/** Asks a second person to approve what cannot be undone about a tenant. */
export function AskForm({ tenantId, onAsk }: AskFormProps) {
  const router = useRouter();
  return (
    <Form<AskAboutTenantInput, { approvalId: string }>
      action={onAsk}
      read={(data) => ({
        tenantId,
        kind: data.get('kind') === 'tenant.delete' ? 'tenant.delete' : 'keys.shred',
        reason: String(data.get('reason') ?? ''),
      })}
      onSuccess={({ approvalId }) => {
        toast.success('Asked. The platform admins are written to within a minute.');
        router.push(`/admin/approvals/${approvalId}`);
      }}
      className="max-w-2xl gap-6"
    >
      <RadioGroup
        legend="What is to happen"
        name="kind"
        defaultValue="tenant.delete"
        options={[
          {
            value: 'tenant.delete',
            label: 'Delete the organisation',
            description: 'After a time of grace, with notice: every row, key and connection.',
          },
          {
            value: 'keys.shred',
            label: 'Destroy its keys',
            description:
              'At once and for good: every credential and all else that is sealed for it.',
          },
        ]}
      />
      <Field label="Why" name="reason" hint="For the second person and the record." required>
        <Textarea maxLength={500} rows={3} />
      </Field>
      <SubmitButton className="self-start">Ask for approval</SubmitButton>
    </Form>
  );
}
