import { type ConnectionId, type TenantTransaction, withTenant } from '@/db';
import { recordAudit } from '@/lib/audit';
import type { ActingContext } from '@/lib/tenancy';
import { nameOf } from './contract';
import { type Credential, deleteCredential, loadCredential } from './credentials';
import { type Connection, findConnection, lockConnection } from './find';
import { type EndedGrant, endGrant } from './shared-grant';

/** Kind of the job, and name of its event: a disconnected connection's grant may still be there. */
export const revocationDue = 'connection/revocation';

/** How one attempt to take a grant back went. */
export interface TakenBack {
  /** Whether the provider confirmed. */
  readonly revoked: boolean;
  /** It is out of reach for now: what was held is kept for the next attempt. */
  readonly again?: true;
}

interface Left {
  readonly connection: Connection;
  readonly credential: Credential;
}

/** What a disconnected connection still holds; null when nothing, or when it is connected again. */
async function leftOver(
  tx: TenantTransaction,
  context: ActingContext,
  connectionId: ConnectionId,
): Promise<Left | null> {
  const connection = await findConnection(tx, context, connectionId);
  if (connection.state !== 'disconnected') return null;
  const credential = await loadCredential(tx, context, connectionId);
  return credential && { connection, credential };
}

/**
 * Whether there is a grant to take back still.
 * @throws PublicError `not_found`
 */
export const isLeft = (context: ActingContext, connectionId: ConnectionId): Promise<boolean> =>
  withTenant(context, async (tx) => (await leftOver(tx, context, connectionId)) !== null);

/**
 * Forget what was taken back, and only that: what a consent since then has brought stays.
 * @returns false when a refresh under way has put other tokens there, which are to be taken back too
 */
async function forget(
  tx: TenantTransaction,
  context: ActingContext,
  { id, state }: Connection,
  taken: Credential,
): Promise<boolean> {
  const now = await loadCredential(tx, context, id);
  if (state !== 'disconnected' || now?.generation !== taken.generation) return true;
  if (now.tokenVersion !== taken.tokenVersion) return false;
  await deleteCredential(tx, context, id);
  return true;
}

/** Nothing was held, so that nothing is left at the provider. */
const nothingHeld: EndedGrant = { revoked: true, said: true };

/**
 * Take back what a disconnected connection was granted, and forget it. How it went goes on record:
 * with the first attempt as how the connection was disconnected, then once it is through.
 * @param options.first the attempt is part of disconnecting
 * @param options.last forget it although the provider is out of reach
 * @returns null when a later attempt found nothing left
 * @throws PublicError `not_found`
 */
export async function takeBack(
  context: ActingContext,
  connectionId: ConnectionId,
  { first = false, last = false } = {},
): Promise<TakenBack | null> {
  for (;;) {
    const left = await withTenant(context, (tx) => leftOver(tx, context, connectionId));
    if (!left && !first) return null;
    const ended = left ? await endGrant(context, left.connection, left.credential) : nothingHeld;
    const again = ended.failure?.retryable === true && !last;
    const settled = await withTenant(context, async (tx) => {
      const connection = await lockConnection(tx, context, connectionId);
      if (left && !again && !(await forget(tx, context, connection, left.credential))) return false;
      if (first || !again) await recordAttempt(tx, context, connection, ended.said, first);
      return true;
    });
    if (settled) return { revoked: ended.revoked, ...(again && { again }) };
  }
}

async function recordAttempt(
  tx: TenantTransaction,
  context: ActingContext,
  connection: Connection,
  said: EndedGrant['said'],
  first: boolean,
): Promise<void> {
  await recordAudit(tx, context, {
    action: first ? 'connection.disconnected' : 'connection.revoked',
    target: { type: 'connection', id: connection.id, name: nameOf(connection) },
    ...(!first && { outcome: said === false ? 'failure' : 'success' }),
    connectionId: connection.id,
    details: { revoked: said },
  });
}
