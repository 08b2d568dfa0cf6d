import { and, type ConnectionId, eq, withTenant } from '@/db';
import { credentials } from '@/db/schema';
import { ProviderError, type ProviderWay } from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { loadCredential } from './credentials';
import { ConnectionUnusable } from './errors';
import { requireUsable } from './find';
import { type KeptToken, KeptTokens } from './kept-tokens';

/** A token that ends within this many milliseconds is not used any more. */
const aheadMs = 120_000;

export interface SubjectTokenRequest {
  readonly context: ActingContext;
  readonly connectionId: ConnectionId;
  readonly way: ProviderWay;
  /** What the token endpoint is reached through. */
  readonly fetch: typeof fetch;
  /** Mail address of the person to speak for. */
  readonly subject: string;
  /** The provider has just refused this token: anything else will do. */
  readonly rejected?: string | undefined;
}

/** By tenant, connection and person. */
const kept = new KeptTokens(2_000);
/** Requests under way in this process. */
const underWay = new Map<string, Promise<KeptToken>>();

const ofConnection = ({ context, connectionId }: SubjectTokenRequest) =>
  `${context.tenantId}/${connectionId}/`;

/**
 * An access token that speaks for one person of an organisation.
 *
 * It is never stored: another process gets its own, which the provider allows. A new consent, a
 * disconnected connection or a refused token ends it here.
 * @throws ConnectionUnusable, ProviderError
 */
export async function subjectToken(request: SubjectTokenRequest): Promise<string> {
  const key = ofConnection(request) + request.subject;
  const generation = await usableGeneration(request);
  if ((kept.recall(key)?.generation ?? generation) !== generation) {
    kept.forget(ofConnection(request));
  }
  const found = kept.recall(key);
  if (found && lasts(found, request, aheadMs)) return found.token;
  const running = underWay.get(key);
  if (running) {
    const fresh = await running;
    if (fresh.token !== request.rejected && fresh.generation === generation) return fresh.token;
  }
  const asking = ask(request).finally(() => {
    if (underWay.get(key) === asking) underWay.delete(key);
  });
  underWay.set(key, asking);
  try {
    const fresh = await asking;
    kept.keep(key, fresh);
    return fresh.token;
  } catch (error) {
    const passing = error instanceof ProviderError && error.retryable;
    if (found && passing && lasts(found, request, 0)) return found.token;
    throw error;
  }
}

/** Whether it will do for so many milliseconds. */
function lasts(found: KeptToken, { rejected }: SubjectTokenRequest, ms: number): boolean {
  return found.token !== rejected && found.expiresAt - Date.now() > ms;
}

/** The consent that counts now; where there is none, nobody's token is kept either. */
async function usableGeneration(request: SubjectTokenRequest): Promise<number> {
  const { context, connectionId } = request;
  try {
    return await withTenant(context, async (tx) => {
      const connection = await requireUsable(tx, context, connectionId);
      const [row] = await tx
        .select({ generation: credentials.generation })
        .from(credentials)
        .where(
          and(
            eq(credentials.tenantId, context.tenantId),
            eq(credentials.connectionId, connectionId),
          ),
        );
      if (!row) throw new ConnectionUnusable(connectionId, connection.state, null);
      return row.generation;
    });
  } catch (error) {
    if (error instanceof ConnectionUnusable) kept.forget(ofConnection(request));
    throw error;
  }
}

async function ask(request: SubjectTokenRequest): Promise<KeptToken> {
  const { context, connectionId, way, subject } = request;
  const credential = await withTenant(context, (tx) => loadCredential(tx, context, connectionId));
  const oauth = way.oauth(request.fetch);
  if (!credential?.grant || !oauth.refreshFor) {
    const failure = { kind: 'needs_reconsent', status: null, code: 'no_grant' } as const;
    throw new ProviderError(way.provider, 'oauth.refreshFor', failure);
  }
  const { accessToken, expiresAt } = await oauth.refreshFor(credential.grant, subject);
  return {
    token: accessToken,
    expiresAt: expiresAt.getTime(),
    generation: credential.generation,
  };
}
