import { randomBytes } from 'node:crypto';
import { accountUsedElsewhere } from '@/db';
import { findProvider, findWay, ProviderError } from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import type { Credential } from './credentials';
import type { Connection } from './find';
import { callTimeoutMs, recordedFetch } from './transport';

/** Not on record: what it answers would tell whether somebody else uses the account. */
const unrecordedFetch: typeof fetch = (input, init) =>
  fetch(input, { ...init, redirect: 'manual', signal: AbortSignal.timeout(callTimeoutMs) });

/** Looks like that token, and opens nothing. */
function meaningless(token: string): string {
  const prefix = /^(1\/\/|ya29\.|xoxb-|xoxe-\d+-|xoxe\.xoxb-\d+-)?/.exec(token)?.[0] ?? '';
  const length = Math.max(token.length - prefix.length, 20);
  return prefix + randomBytes(length).toString('base64url').slice(0, length);
}

export interface EndedGrant {
  /** Whether the provider answered as it should; when not, somebody has to look on its page. */
  readonly revoked: boolean;
  /** What goes on record of it. */
  readonly said: boolean | 'with_last_use';
  /** What the provider, or the way to it, had to say instead. */
  readonly failure?: ProviderError;
}

/**
 * Take back what a connection was granted. Where that would end the grant for other organisations
 * too (`sharedGrant`), it is taken back with the last of them. Nobody can tell which it was: the same
 * call is made with a meaningless token, the same is said, and the same goes on record.
 */
export async function endGrant(
  context: ActingContext,
  connection: Connection,
  { grant, accessToken }: Credential,
): Promise<EndedGrant> {
  const way = findWay(connection.provider, connection.authority);
  if (!way || !findProvider(connection.provider)?.configured()) {
    return { revoked: false, said: false };
  }
  const held = grant?.kind === 'refresh_token' ? grant.refreshToken : accessToken;
  const door = { context, connectionId: connection.id, way, scope: {} };
  const oauth = way.oauth(way.sharedGrant ? unrecordedFetch : recordedFetch(door));
  const kept = way.sharedGrant && (await accountUsedElsewhere(context.tenantId, connection.id));
  try {
    const revoked = kept
      ? await oauth.revoke(meaningless(held), meaningless(accessToken))
      : await oauth.revoke(held, accessToken);
    return { revoked, said: revoked && way.sharedGrant ? 'with_last_use' : revoked };
  } catch (error) {
    if (error instanceof ProviderError) return { revoked: false, said: false, failure: error };
    throw error;
  }
}
