'use client';
import { PauseCircle, PlayCircle } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import {
  Button,
  Dialog,
  Field,
  Form,
  formValues,
  Input,
  SubmitButton,
  Textarea,
} from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { resumeInput, suspendInput } from '@/lib/platform/contract';

type Suspend = z.input<typeof suspendInput>;
type Resume = z.input<typeof resumeInput>;

const consequences = [
  'Its people are out at their next click, and are shown your notice. Its owners get it by mail.',
  'Runs stop at their next step. Nothing of theirs is lost, and nothing is done twice afterwards.',
  'Schedules, discoveries, renewals and its mails wait. Webhooks are accepted and kept.',
];

/** Suspends a tenant: says what follows, asks for reason and notice, and has its name typed. */
export function SuspendDialog({
  tenant,
  onSuspend,
}: {
  tenant: { id: string; name: string };
  onSuspend: (wish: Suspend) => Promise<ActionResult<void>>;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={`Suspend ${tenant.name}`}
      description="At once, until somebody of the staff resumes it."
      trigger={
        <Button variant="danger" icon={<PauseCircle />}>
          Suspend
        </Button>
      }
    >
      <ul className="mb-4 list-disc space-y-1 pl-5 text-sm marker:text-faint">
        {consequences.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Form<Suspend, void>
        action={onSuspend}
        read={(data) => ({
          ...(formValues(data) as Omit<Suspend, 'tenantId'>),
          tenantId: tenant.id,
        })}
        onSuccess={() => setOpen(false)}
      >
        <Field label="Reason" name="reason" hint="Goes on the tenant’s own record." required>
          <Input autoComplete="off" maxLength={500} />
        </Field>
        <Field
          label="Notice to its people"
          name="notice"
          hint="What they are to know, and what they can do."
          required
        >
          <Textarea rows={3} maxLength={1_000} />
        </Field>
        <Field label={`Type ${tenant.name} to confirm`} name="confirm" required>
          <Input autoComplete="off" spellCheck={false} />
        </Field>
        <SubmitButton variant="danger" className="self-end">
          Suspend now
        </SubmitButton>
      </Form>
    </Dialog>
  );
}

/** Lets a suspended tenant go on. */
export function ResumeDialog({
  tenant,
  onResume,
}: {
  tenant: { id: string; name: string };
  onResume: (wish: Resume) => Promise<ActionResult<void>>;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={`Resume ${tenant.name}`}
      description="Its people can sign in again, its runs go on where they stopped, and each schedule that was due meanwhile starts once. Its owners get a mail."
      trigger={
        <Button variant="primary" icon={<PlayCircle />}>
          Resume
        </Button>
      }
    >
      <Form<Resume, void>
        action={onResume}
        read={(data) => ({ tenantId: tenant.id, reason: String(data.get('reason') ?? '') })}
        onSuccess={() => setOpen(false)}
      >
        <Field label="Reason" name="reason" hint="Goes on the tenant’s own record." required>
          <Input autoComplete="off" maxLength={500} />
        </Field>
        <SubmitButton className="self-end">Resume now</SubmitButton>
      </Form>
    </Dialog>
  );
}
