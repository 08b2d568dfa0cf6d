import { withTenant } from '@/db';
import { ProviderError, type ProviderWay } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { completeConsent } from './consent-complete';
import { consentFailed } from './consent-failure';
import type { LinkHolder } from './consent-link-open';
import { refuseTooManyTries } from './consent-link-result';
import { type ConsentParty, memberParty } from './consent-party';
import { type ConsentWish, requireWay, wishedConnection } from './consent-start';
import { consentOutcomes, type KeyFault, type KeyOutcome, type KeySetUp } from './contract';
import { type Connection, findConnection } from './find';
import { recordedFetch } from './transport';

/** What somebody gives of a service account of their own organisation. Never echoed, never logged. */
export interface GivenKey {
  /** The key file, JSON. */
  readonly key: string;
  /** Mail address of the administrator that it is to speak for. */
  readonly administrator: string;
}

/** What is to be done on the provider's side first; null for ways that need nothing of it. */
export function keySetUp(way: ProviderWay): KeySetUp | null {
  if (!way.serviceAccount) return null;
  const { scopeList, consoleUrl } = way.serviceAccount();
  return { scopeList, consoleUrl };
}

/**
 * Connect an organisation by its own service account's key; on a connection that has one, in its
 * place once the new one works.
 * @returns what came of it, or what is wrong with what was given, and what to click at the provider
 * @throws PublicError `not_found`, `unavailable`
 */
export async function connectWithKey(
  context: MemberContext,
  wish: ConsentWish,
  given: GivenKey,
): Promise<KeyOutcome> {
  const connection = await withTenant(context, (tx) => wishedConnection(tx, context, wish));
  return giveKey(memberParty(context), connection, given);
}

/** The same by a link. @throws as above, and PublicError `rate_limited` */
export async function connectWithKeyByLink(
  { party, connectionId }: Pick<LinkHolder, 'party' | 'connectionId'>,
  given: GivenKey,
): Promise<KeyOutcome> {
  const connection = await withTenant(party.context, async (tx) => {
    await refuseTooManyTries(tx, party);
    return findConnection(tx, party.context, connectionId);
  });
  return giveKey(party, connection, given);
}

async function giveKey(
  party: ConsentParty,
  connection: Connection,
  { key, administrator }: GivenKey,
): Promise<KeyOutcome> {
  const { context } = party;
  const connectionId = connection.id;
  const way = requireWay(connection.provider, connection.authority);
  const consent = way.serviceAccount?.(recordedFetch({ context, connectionId, way, scope: {} }));
  if (!consent) return refused(null, 'This connection is not made with a key.');
  const read = consent.readKey(key);
  if ('fault' in read) return refused('key', read.fault);
  try {
    const verified = await consent.verify(key, administrator);
    const asked = way.scopes.map(({ scope }) => scope);
    const { outcome, ...done } = await withTenant(context, (tx) =>
      completeConsent(tx, party, { before: connection, requestId: null, way, asked, ...verified }),
    );
    const { ok, message } = consentOutcomes[outcome];
    return ok || outcome === 'scopes_missing' ? { outcome, ...done } : refused(null, message);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    await consentFailed(party, { connection, way }, error);
    const named = error.failure.code === 'not_an_administrator';
    return refused(named ? 'administrator' : null, error.publicMessage);
  }
}

const refused = (field: KeyFault['field'], message: string): KeyOutcome => ({
  fault: { field, message },
});
