import { and, eq, type TenantTransaction } from '@/db';
import { consentRequests } from '@/db/schema';
import type { ProviderKey, ProviderWay } from '@/lib/providers';
import { open } from '@/lib/vault';
import type { ConsentParty } from './consent-party';
import { digest, type ReadCookie, sameText, sessionIn, wasBegunHere } from './consent-secrets';
import { requireWay } from './consent-start';
import type { ConsentOutcome } from './contract';
import { type Connection, findConnection } from './find';

export type ConsentRequest = typeof consentRequests.$inferSelect;

/** A redirect that came back to whom it belongs. */
export interface ClaimedConsent {
  readonly request: ConsentRequest;
  /** As it was when the browser came back. */
  readonly connection: Connection;
  readonly way: ProviderWay;
  readonly verifier: string;
}

export interface RefusedClaim {
  readonly refused: Extract<ConsentOutcome, 'foreign' | 'reused' | 'expired' | 'ended'>;
  readonly connection: Connection | null;
}

const refused = (
  outcome: RefusedClaim['refused'],
  connection: Connection | null = null,
): RefusedClaim => ({ refused: outcome, connection });

/** Recognise the flow and use it up: it is for this browser, this party, this tenant, and once. */
export async function claimConsent(
  tx: TenantTransaction,
  party: ConsentParty,
  answer: { readonly provider: ProviderKey; readonly state?: string | undefined },
  cookie: ReadCookie,
): Promise<ClaimedConsent | RefusedClaim> {
  if (!answer.state) return refused('foreign');
  const { context } = party;
  const stateHash = digest(answer.state);
  const own = and(
    eq(consentRequests.tenantId, context.tenantId),
    eq(consentRequests.stateHash, stateHash),
  );
  const [request] = await tx.select().from(consentRequests).where(own).for('update');
  const session = sessionIn(cookie, party.link, stateHash);
  // Discarded in another tab, with the connection that it was for.
  if (!request) return refused(wasBegunHere(session, stateHash, party) ? 'ended' : 'foreign');
  if (!belongsTo(party, request)) return refused('foreign');
  if (!session || !sameText(digest(session), request.sessionHash)) return refused('foreign');
  const connection = await findConnection(tx, context, request.connectionId);
  if (connection.provider !== answer.provider) return refused('foreign');
  if (request.usedAt) {
    return refused(connection.state === 'disconnected' ? 'ended' : 'reused', connection);
  }
  const binding = { kind: 'consent', subjectId: request.id, generation: 1 } as const;
  const verifier = await open(tx, context, binding, request.sealedVerifier);
  await tx.update(consentRequests).set({ usedAt: new Date(), sealedVerifier: '' }).where(own);
  if (request.expiresAt.getTime() < Date.now()) return refused('expired', connection);
  const way = requireWay(connection.provider, connection.authority);
  return { request, connection, way, verifier };
}

function belongsTo({ userId, link }: ConsentParty, request: ConsentRequest): boolean {
  return request.userId === userId && request.linkId === (link?.id ?? null);
}
