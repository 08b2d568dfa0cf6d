'use client';
import { Form, SubmitButton } from '@/components/ui';
import type { KeySetUp } from '@/lib/connections/contract';
import type { ActionResult } from '@/lib/errors/contract';
import { KeyFields, useKeyFile } from './key-fields';

export interface GivenKey {
  key: string;
  administrator: string;
}

export interface KeyFormProps<Data> {
  setUp: KeySetUp;
  onGive: (given: GivenKey) => Promise<ActionResult<Data>>;
  onSuccess?: (data: Data) => void;
}

/** Connects an organisation by its own service account’s key. */
export function KeyForm<Data>({ setUp, onGive, onSuccess }: KeyFormProps<Data>) {
  const chosen = useKeyFile();
  return (
    <Form<GivenKey, Data>
      action={async (given) => (given.key === '' ? chooseFirst : await onGive(given))}
      read={(data) => ({
        key: chosen.file?.text ?? '',
        administrator: String(data.get('administrator') ?? ''),
      })}
      {...(onSuccess ? { onSuccess } : {})}
    >
      <KeyFields setUp={setUp} chosen={chosen} />
      <p className="text-muted text-xs">
        The key is tried at once, sealed under a key of its own, and never shown again.
      </p>
      <SubmitButton block>Check the key and connect</SubmitButton>
    </Form>
  );
}

const chooseFirst = {
  ok: false,
  error: { code: 'invalid_input', message: 'Choose the key file first.', requestId: '' },
} as const;
