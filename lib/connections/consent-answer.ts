import type { ConnectionId } from '@/db';
import type { ProviderKey } from '@/lib/providers';
import type { StartedConsent } from './consent-start';
import type { ConsentOutcome } from './contract';

/** What the provider put on the address that it led back to. */
export interface ConsentAnswer {
  readonly provider: ProviderKey;
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
  /** Of an administrator's consent at Microsoft: whether it was given, and for which directory. */
  readonly admin_consent?: string | undefined;
  readonly tenant?: string | undefined;
}

export interface FinishedConsent {
  readonly outcome: ConsentOutcome;
  /** Where to lead the person; null when the flow is not known here. */
  readonly connectionId: ConnectionId | null;
  /** Somebody brought a flow that is not theirs: a denial to put on record. */
  readonly denied: boolean;
}

/** The person has to go on to another page of the provider's. */
export interface ContinuedConsent {
  readonly next: StartedConsent;
}
