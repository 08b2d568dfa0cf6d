'use client';
import { type ReactNode, useState } from 'react';
import { CopyButton, Form, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { Enrolment } from '@/lib/second-factor/contract';
import { CodeField, type DemoCodes } from './code-field';
import { QrCode } from './qr-code';
import { RecoveryCodes } from './recovery-codes';

export interface EnrolProps {
  /** What was begun; null before. */
  enrolment: Enrolment | null;
  onBegin: (input: Record<string, never>) => Promise<ActionResult<unknown>>;
  onConfirm: (input: {
    code: string;
  }) => Promise<ActionResult<{ readonly recoveryCodes: readonly string[] }>>;
  demo: DemoCodes | null;
  /** What is to be done with the codes kept. */
  then: ReactNode;
  /** Instead of the steps, once there is nothing to set up. */
  done: ReactNode;
}

/** Sets a second factor up: shows the secret, has it proved, and shows the recovery codes once. */
export function Enrol({ enrolment, onBegin, onConfirm, demo, then, done }: EnrolProps) {
  // Outlives the page's change underneath: they are shown this once.
  const [codes, setCodes] = useState<readonly string[]>();
  if (codes) return <RecoveryCodes codes={codes} action={then} />;
  if (done) return done;
  if (!enrolment) {
    return (
      <Form action={onBegin} read={() => ({})}>
        <SubmitButton size="lg" className="self-start">
          Set up a second factor
        </SubmitButton>
      </Form>
    );
  }
  return (
    <div className="flex flex-col gap-5">
      <p className="text-muted text-sm">
        Scan this with an authenticator app, such as the one in your password manager.
      </p>
      <QrCode {...enrolment.qr} />
      <div className="text-sm">
        <p className="text-muted">Or type this key into it:</p>
        <div className="mt-1 flex items-start gap-2">
          <code className="min-w-0 break-words font-mono text-text">{enrolment.secret}</code>
          <CopyButton value={enrolment.secret.replaceAll(' ', '')} label="Copy the key" />
        </div>
      </div>
      <Form action={onConfirm} onSuccess={({ recoveryCodes }) => setCodes(recoveryCodes)}>
        <CodeField demo={demo} label="Code that the app shows" />
        <SubmitButton size="lg" className="self-start">
          Switch it on
        </SubmitButton>
      </Form>
    </div>
  );
}
