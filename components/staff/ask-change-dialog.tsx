'use client';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { Dialog, Field, Form, SubmitButton, Textarea } from '@/components/ui';
import type { StaffChangeInput } from '@/lib/two-persons/contract';
import type { AskStaffChange } from './staff-menu';

export interface AskChangeDialogProps {
  title: string;
  description: string;
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  onAsk: AskStaffChange;
  /** What is asked for, with the reason and the rest of the form. */
  read: (reason: string, data: FormData) => StaffChangeInput;
  /** Above the reason. */
  children?: ReactNode;
}

/** Asks a second person to approve a change to who is staff, with a reason. */
export function AskChangeDialog(props: AskChangeDialogProps) {
  const { title, description, trigger, open, onOpenChange, onAsk, read, children } = props;
  const router = useRouter();
  return (
    <Dialog
      title={title}
      description={description}
      trigger={trigger}
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange ? { onOpenChange } : {})}
    >
      <Form<StaffChangeInput, { approvalId: string }>
        action={onAsk}
        read={(data) => read(String(data.get('reason') ?? ''), data)}
        onSuccess={({ approvalId }) => {
          toast.success('Asked. Another platform admin decides.');
          router.push(`/admin/approvals/${approvalId}`);
        }}
      >
        {children}
        <Field label="Why" name="reason" hint="For the second person and the record." required>
          <Textarea maxLength={500} rows={2} />
        </Field>
        <SubmitButton className="self-start">Ask for approval</SubmitButton>
      </Form>
    </Dialog>
  );
}
