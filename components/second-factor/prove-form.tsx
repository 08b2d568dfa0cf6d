'use client';
import { Form, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import { CodeField, type DemoCodes } from './code-field';

export interface ProveFormProps {
  onProve: (input: { code: string; next?: string | undefined }) => Promise<ActionResult<unknown>>;
  /** Where to go afterwards. */
  next?: string | undefined;
  demo: DemoCodes | null;
}

/** Asks for the code that lets one in. */
export function ProveForm({ onProve, next, demo }: ProveFormProps) {
  return (
    <Form action={onProve}>
      <CodeField
        demo={demo}
        autoFocus
        hint="Six digits from your app. If you have lost it: one of your recovery codes."
      />
      {next && <input type="hidden" name="next" value={next} />}
      <SubmitButton size="lg" block>
        Continue
      </SubmitButton>
    </Form>
  );
}
