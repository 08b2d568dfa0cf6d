import { withTenant } from '@/db';
import { PublicError } from '@/lib/errors';
import { ProviderError, type ProviderWay } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { type Completed, completeConsent } from './consent-complete';
import { consentFailed } from './consent-failure';
import type { LinkHolder } from './consent-link-open';
import { type ConsentParty, memberParty } from './consent-party';
import { type ConsentWish, requireWay, wishedConnection } from './consent-start';
import { consentOutcomes, type KeySetUp } from './contract';
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
 * @throws PublicError `not_found`, `unavailable`; `invalid_input`, by field where it is one's fault,
 *   with what to click at the provider
 */
export async function connectWithKey(
  context: MemberContext,
  wish: ConsentWish,
  given: GivenKey,
): Promise<Completed> {
  const connection = await withTenant(context, (tx) => wishedConnection(tx, context, wish));
  return giveKey(memberParty(context), connection, given);
}

/** The same by a link. @throws as above */
export async function connectWithKeyByLink(
  { party, connectionId }: Pick<LinkHolder, 'party' | 'connectionId'>,
  given: GivenKey,
): Promise<Completed> {
  const connection = await withTenant(party.context, (tx) =>
    findConnection(tx, party.context, connectionId),
  );
  return giveKey(party, connection, given);
}

async function giveKey(
  party: ConsentParty,
  connection: Connection,
  { key, administrator }: GivenKey,
): Promise<Completed> {
  const { context } = party;
  const way = requireWay(connection.provider, connection.authority);
  const door = { context, connectionId: connection.id, way, scope: {} };
  const consent = way.serviceAccount?.(recordedFetch(door));
  if (!consent) throw new PublicError('conflict', 'This is not connected with a key.');
  const read = consent.readKey(key);
  if ('fault' in read) throw fieldFault('key', read.fault);
  try {
    const verified = await consent.verify(key, administrator);
    const done = await withTenant(context, (tx) =>
      completeConsent(tx, party, {
        connectionId: connection.id,
        way,
        asked: way.scopes.map(({ scope }) => scope),
        ...verified,
      }),
    );
    const { ok, message } = consentOutcomes[done.outcome];
    if (!ok && done.outcome !== 'scopes_missing') throw new PublicError('invalid_input', message);
    return done;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    await consentFailed(party, { connection }, error);
    const code = error.failure.code;
    throw code === 'not_an_administrator'
      ? fieldFault('administrator', error.publicMessage)
      : new PublicError('invalid_input', error.publicMessage, { cause: error });
  }
}

function fieldFault(field: 'key' | 'administrator', message: string): PublicError {
  return new PublicError('invalid_input', 'Please look at the marked field again.', {
    fields: { [field]: message },
  });
}
