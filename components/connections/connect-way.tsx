'use client';
import type { ConnectableWay, KeyOutcome } from '@/lib/connections/contract';
import type { ActionResult } from '@/lib/errors/contract';
import { providerNames } from '@/lib/providers/contract';
import { type GivenKey, KeyForm } from './key-form';
import { ScopeItems } from './scope-items';

export interface ConnectWayProps {
  way: ConnectableWay;
  onKey: (given: GivenKey) => Promise<ActionResult<KeyOutcome>>;
}

/** What a way asks for, now and later, and the form where there is one to fill in here. */
export function ConnectWay({ way, onKey }: ConnectWayProps) {
  const name = providerNames[way.provider];
  const later = way.scopes.filter(({ required }) => !required);
  // An administrator allows all of it at once: there is no asking again for every person.
  const incremental = way.form === 'authorization_code';
  return (
    <div className="grid gap-4">
      <p className="font-medium text-sm">
        {way.form === 'service_account'
          ? 'It may then:'
          : `${name} will ask ${way.form === 'admin_consent' ? 'the administrator' : 'you'} to allow:`}
      </p>
      <ScopeItems
        scopes={incremental ? way.scopes.filter(({ required }) => required) : way.scopes}
      />
      {incremental && later.length > 0 && (
        <details className="text-sm">
          <summary className="cursor-pointer text-muted">
            {later.length === 1 ? 'One more is' : `${later.length} more are`} asked for only when an
            automation needs {later.length === 1 ? 'it' : 'them'}
          </summary>
          <div className="mt-3">
            <ScopeItems scopes={later} />
          </div>
        </details>
      )}
      {way.keySetUp && (
        <KeyForm
          setUp={way.keySetUp}
          onGive={onKey}
          placeOf={({ connectionId, outcome }) => `/connections/${connectionId}?consent=${outcome}`}
        />
      )}
      <p className="text-muted text-sm">This can be taken back at any time, here or at {name}.</p>
    </div>
  );
}
