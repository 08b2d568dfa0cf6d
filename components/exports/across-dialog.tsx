'use client';
import { useRouter, useSearchParams } from 'next/navigation';
import { toast } from 'sonner';
import { Button, Dialog, DialogClose, Field, Form, SubmitButton, Textarea } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { AskAcrossInput } from '@/lib/exports/contract';
import { filterWords } from './export-words';

interface AcrossDialogProps {
  onAsk: (input: AskAcrossInput) => Promise<ActionResult<{ readonly approvalId: string }>>;
}

/** Asks a second person to approve an export of the record across organisations. */
export function AcrossDialog({ onAsk }: AcrossDialogProps) {
  const router = useRouter();
  const { event: _opened, ...filter } = Object.fromEntries(useSearchParams());
  const said = filterWords(filter);
  return (
    <Dialog
      trigger={<Button>Export across tenants</Button>}
      title="Export across tenants"
      description="Another platform admin has to approve it. Then you are given the file once, and that is on record."
    >
      <Form<{ reason: string }, { readonly approvalId: string }>
        action={({ reason }) => onAsk({ filter, reason })}
        onSuccess={({ approvalId }) => {
          toast.success('Asked. The platform admins are written to within a minute.');
          router.push(`/admin/approvals/${approvalId}`);
        }}
      >
        <p className="text-sm">
          {said.length > 0
            ? `Exactly what is filtered: ${said.join(', ')}.`
            : 'No filter is set: the record of every tenant.'}
        </p>
        <Field label="Why" name="reason" hint="For the second person and the record." required>
          <Textarea maxLength={500} rows={3} />
        </Field>
        <div className="flex justify-end gap-2">
          <DialogClose>
            <Button>Cancel</Button>
          </DialogClose>
          <SubmitButton>Ask for approval</SubmitButton>
        </div>
      </Form>
    </Dialog>
  );
}
