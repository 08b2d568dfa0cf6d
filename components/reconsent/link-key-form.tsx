'use client';
import { type GivenKey, KeyForm } from '@/components/connections/key-form';
import type { KeyOutcome, KeySetUp } from '@/lib/connections/contract';
import type { ActionResult } from '@/lib/errors/contract';

export interface LinkKeyFormProps {
  token: string;
  setUp: KeySetUp;
  onGive: (input: GivenKey & { token: string }) => Promise<ActionResult<KeyOutcome>>;
}

/** The same form as members have, by a link. */
export function LinkKeyForm({ token, setUp, onGive }: LinkKeyFormProps) {
  return (
    <KeyForm
      setUp={setUp}
      onGive={(given) => onGive({ token, ...given })}
      placeOf={({ outcome }) => `/reconsent/${token}?consent=${outcome}`}
    />
  );
}
