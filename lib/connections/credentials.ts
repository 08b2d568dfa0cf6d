import { z } from 'zod';
import {
  and,
  type ConnectionId,
  eq,
  isNull,
  lt,
  newId,
  or,
  sql,
  type TenantContext,
  type TenantTransaction,
} from '@/db';
import { credentials } from '@/db/schema';
import type { TokenSet } from '@/lib/providers';
import { open, seal } from '@/lib/vault';

/** The part of a credential that is sealed. */
const sealedTokens = z.object({ accessToken: z.string(), refreshToken: z.string().nullable() });
export type Tokens = z.infer<typeof sealedTokens>;

export interface Credential extends Tokens {
  /** Counts consents. */
  readonly generation: number;
  /** Counts refreshes. */
  readonly tokenVersion: number;
  readonly accessExpiresAt: Date;
}

/** Milliseconds that one process may take for a refresh; longer than the call may last. */
const leaseMs = 30_000;

const own = (context: TenantContext, connectionId: ConnectionId) =>
  and(eq(credentials.tenantId, context.tenantId), eq(credentials.connectionId, connectionId));

const binding = (connectionId: ConnectionId, generation: number) =>
  ({ kind: 'credential', subjectId: connectionId, generation }) as const;

/** The credential of a connection, opened; null when there is none. */
export async function loadCredential(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
): Promise<Credential | null> {
  const [row] = await tx.select().from(credentials).where(own(context, connectionId));
  if (!row) return null;
  const { generation, tokenVersion, accessExpiresAt } = row;
  const text = await open(tx, context, binding(connectionId, generation), row.sealed);
  return { ...sealedTokens.parse(JSON.parse(text)), generation, tokenVersion, accessExpiresAt };
}

function sealTokens(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
  generation: number,
  tokens: Tokens,
): Promise<string> {
  const { accessToken, refreshToken } = tokens;
  const text = JSON.stringify({ accessToken, refreshToken });
  return seal(tx, context, binding(connectionId, generation), text);
}

/**
 * Put the tokens of a fresh consent in place of what was there: a new generation.
 * Refreshes under way for the old one find that theirs no longer counts.
 */
export async function replaceCredential(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
  tokens: TokenSet,
): Promise<void> {
  const previous = await loadCredential(tx, context, connectionId);
  const generation = (previous?.generation ?? 0) + 1;
  const kept = { ...tokens, refreshToken: tokens.refreshToken ?? previous?.refreshToken ?? null };
  const sealed = await sealTokens(tx, context, connectionId, generation, kept);
  const values = {
    generation,
    tokenVersion: (previous?.tokenVersion ?? 0) + 1,
    sealed,
    accessExpiresAt: tokens.expiresAt,
    updatedAt: new Date(),
    refreshLease: null,
    refreshLeaseUntil: null,
  };
  await tx
    .insert(credentials)
    .values({ tenantId: context.tenantId, connectionId, ...values })
    .onConflictDoUpdate({ target: [credentials.tenantId, credentials.connectionId], set: values });
}

/**
 * Take the right to refresh this version of a credential for `leaseMs`.
 * @returns the lease, or null while somebody else has it or when the version has moved on
 */
export async function takeLease(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
  { generation, tokenVersion }: Credential,
): Promise<string | null> {
  const lease: string = newId();
  const [row] = await tx
    .update(credentials)
    .set({
      refreshLease: lease,
      refreshLeaseUntil: sql`now() + make_interval(secs => ${leaseMs / 1_000})`,
    })
    .where(
      and(
        own(context, connectionId),
        eq(credentials.generation, generation),
        eq(credentials.tokenVersion, tokenVersion),
        or(isNull(credentials.refreshLeaseUntil), lt(credentials.refreshLeaseUntil, sql`now()`)),
      ),
    )
    .returning({ id: credentials.id });
  return row ? lease : null;
}

/** Give the right back after a refresh that failed. */
export async function releaseLease(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
  lease: string,
): Promise<void> {
  await tx
    .update(credentials)
    .set({ refreshLease: null, refreshLeaseUntil: null })
    .where(and(own(context, connectionId), eq(credentials.refreshLease, lease)));
}

/**
 * Store refreshed tokens if this version is still the current one (compare and swap). The old
 * refresh token is kept when the answer had none.
 * @returns false when a sibling was faster: read again
 */
export async function storeRefreshed(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
  old: Credential,
  refreshed: TokenSet,
): Promise<boolean> {
  const kept = { ...refreshed, refreshToken: refreshed.refreshToken ?? old.refreshToken };
  const [row] = await tx
    .update(credentials)
    .set({
      sealed: await sealTokens(tx, context, connectionId, old.generation, kept),
      tokenVersion: old.tokenVersion + 1,
      accessExpiresAt: refreshed.expiresAt,
      updatedAt: new Date(),
      refreshLease: null,
      refreshLeaseUntil: null,
    })
    .where(
      and(
        own(context, connectionId),
        eq(credentials.generation, old.generation),
        eq(credentials.tokenVersion, old.tokenVersion),
      ),
    )
    .returning({ id: credentials.id });
  return row !== undefined;
}

/** Forget a connection's tokens for good. */
export async function deleteCredential(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
): Promise<void> {
  await tx.delete(credentials).where(own(context, connectionId));
}
