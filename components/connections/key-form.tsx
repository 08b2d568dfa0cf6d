'use client';
import { useRouter } from 'next/navigation';
import { Form, SubmitButton } from '@/components/ui';
import type { KeyOutcome, KeySetUp } from '@/lib/connections/contract';
import type { ActionResult } from '@/lib/errors/contract';
import { KeyFields, useKeyFile } from './key-fields';

export interface GivenKey {
  key: string;
  administrator: string;
}
type Taken = Exclude<KeyOutcome, { fault: unknown }>;

export interface KeyFormProps {
  setUp: KeySetUp;
  onGive: (given: GivenKey) => Promise<ActionResult<KeyOutcome>>;
  /** Where to go when it was taken. */
  placeOf: (taken: Taken) => string;
}

/** Connects an organisation by its own service account’s key. */
export function KeyForm({ setUp, onGive, placeOf }: KeyFormProps) {
  const router = useRouter();
  const chosen = useKeyFile();
  return (
    <Form<GivenKey, Taken>
      action={async (given) =>
        given.key === '' ? refused('key', 'Choose the key file.') : taken(await onGive(given))
      }
      read={(data) => ({
        key: chosen.file?.text ?? '',
        administrator: String(data.get('administrator') ?? ''),
      })}
      onSuccess={(done) => router.push(placeOf(done))}
    >
      <KeyFields setUp={setUp} chosen={chosen} />
      <p className="text-muted text-xs">
        The key is tried at once, sealed under a key of your organisation, and never shown again.
      </p>
      <SubmitButton block>Check the key and connect</SubmitButton>
    </Form>
  );
}

/** What was wrong with a key stands at its field, as any other fault of a form. */
function taken(answer: ActionResult<KeyOutcome>): ActionResult<Taken> {
  if (!answer.ok) return answer;
  const { data } = answer;
  return 'fault' in data ? refused(data.fault.field, data.fault.message) : { ok: true, data };
}

function refused(field: string | null, message: string): ActionResult<never> {
  const error = field
    ? { message: 'Please look at the marked field again.', fields: { [field]: message } }
    : { message };
  return { ok: false, error: { code: 'invalid_input', requestId: '', ...error } };
}
