'use client';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { Field, Form, Input, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { AskTenantInput } from '@/lib/exports/contract';

interface TenantExportFormProps {
  /** The person has a second factor, and is asked for a code of it. */
  asksCode: boolean;
  onAsk: (input: AskTenantInput) => Promise<ActionResult<unknown>>;
}

const differ = 'This is not the same. Type it once more.';

/** Asks for everything that the organisation has, encrypted to a passphrase. */
export function TenantExportForm({ asksCode, onAsk }: TenantExportFormProps) {
  const router = useRouter();
  const form = useRef<HTMLDivElement>(null);
  const [fault, setFault] = useState<string | null>(null);

  async function ask(input: AskTenantInput & { again?: string }): Promise<ActionResult<unknown>> {
    const { again, ...asked } = input;
    if (again !== asked.passphrase) {
      setFault(differ);
      const error = { code: 'invalid_input', message: 'The passphrases differ.', requestId: '' };
      return { ok: false, error: { ...error, code: 'invalid_input' } };
    }
    setFault(null);
    return onAsk(asked);
  }

  return (
    <div ref={form}>
      <Form<AskTenantInput & { again?: string }, unknown>
        action={ask}
        onSuccess={() => {
          form.current?.querySelector('form')?.reset();
          toast.success('The export is being made. It goes on when you leave this page.');
          router.refresh();
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Passphrase"
            name="passphrase"
            required
            hint="At least 15 characters. We forget it once the file is made: without it nobody opens the file."
          >
            <Input type="password" autoComplete="new-password" />
          </Field>
          <Field label="Passphrase, once more" name="again" required error={fault}>
            <Input type="password" autoComplete="new-password" />
          </Field>
        </div>
        {asksCode && (
          <Field
            label="Code"
            name="code"
            required
            hint="From your authenticator, or a recovery code."
            className="max-w-48"
          >
            <Input inputMode="numeric" autoComplete="one-time-code" />
          </Field>
        )}
        <SubmitButton className="self-start">Export everything</SubmitButton>
      </Form>
    </div>
  );
}
