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
import { connections, credentials } from '@/db/schema';
import { found } from '@/lib/errors';
import type { Grant, TokenSet } from '@/lib/providers';
import { open, seal } from '@/lib/vault';

/** The part of a credential that is sealed. */
const grantSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('refresh_token'), refreshToken: z.string() }),
  z.object({ kind: z.literal('client_credentials'), organizationId: z.string() }),
  z.object({
    kind: z.literal('service_account'),
    key: z.string(),
    subject: z.string(),
    scopes: z.array(z.string()),
  }),
]) satisfies z.ZodType<Grant>;

const refreshTokenGrant = (refreshToken: string | null): Grant | null =>
  refreshToken === null ? null : { kind: 'refresh_token', refreshToken };

const sealedAuthority = z.union([
  z.object({ accessToken: z.string(), grant: grantSchema.nullable() }),
  // As it was sealed while consent pages were the only way to connect.
  z
    .object({ accessToken: z.string(), refreshToken: z.string().nullable() })
    .transform(({ accessToken, refreshToken }) => ({
      accessToken,
      grant: refreshTokenGrant(refreshToken),
    })),
]);

interface SealedAuthority {
  readonly accessToken: string;
  /** What fresh tokens are got with; null when there is nothing but the token. */
  readonly grant: Grant | null;
}

export interface Credential extends SealedAuthority {
  /** Counts consents. */
  readonly generation: number;
  /** Counts refreshes. */
  readonly tokenVersion: number;
  readonly accessExpiresAt: Date;
  /** A process took the right to refresh and ended, or was stopped, before it gave it back. */
  readonly interrupted: boolean;
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
  const { generation, tokenVersion, accessExpiresAt, refreshLease, refreshLeaseUntil } = row;
  const text = await open(tx, context, binding(connectionId, generation), row.sealed);
  return {
    ...sealedAuthority.parse(JSON.parse(text)),
    generation,
    tokenVersion,
    accessExpiresAt,
    interrupted:
      refreshLease !== null && refreshLeaseUntil !== null && refreshLeaseUntil < new Date(),
  };
}

function sealTokens(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
  generation: number,
  { accessToken, grant }: SealedAuthority,
): Promise<string> {
  const text = JSON.stringify({ accessToken, grant });
  return seal(tx, context, binding(connectionId, generation), text);
}

/** Counted on the connection, so that it goes on where a credential was deleted. */
async function nextGeneration(
  tx: TenantTransaction,
  { tenantId }: TenantContext,
  connectionId: ConnectionId,
  previous: Credential | null,
): Promise<number> {
  const [row] = await tx
    .update(connections)
    .set({
      generation: sql`greatest(${connections.generation}, ${previous?.generation ?? 0}::int) + 1`,
    })
    .where(and(eq(connections.tenantId, tenantId), eq(connections.id, connectionId)))
    .returning({ generation: connections.generation });
  return found(row).generation;
}

/**
 * Put the tokens of a fresh consent in place of what was there: a new generation.
 * Refreshes under way for the old one find that theirs no longer counts.
 * @param grant what further tokens are got with, where that is no refresh token
 */
export async function replaceCredential(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
  tokens: TokenSet,
  grant: Grant | null = refreshTokenGrant(tokens.refreshToken),
): Promise<void> {
  const previous = await loadCredential(tx, context, connectionId);
  const generation = await nextGeneration(tx, context, connectionId, previous);
  const sealed = await sealTokens(tx, context, connectionId, generation, {
    accessToken: tokens.accessToken,
    grant: grant ?? previous?.grant ?? null,
  });
  const values = {
    generation,
    tokenVersion: (previous?.tokenVersion ?? 0) + 1,
    sealed,
    accessExpiresAt: tokens.expiresAt,
    updatedAt: new Date(),
    refreshLease: null,
    refreshLeaseUntil: null,
    refreshFailures: 0,
    refreshRetryAt: null,
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
 * Store refreshed tokens if this version is still the current one (compare and swap) and the lease is
 * still ours: whoever was stopped for so long that another process has taken over does not write.
 * One exception: an answer that brings a new refresh token may have used up the old one, which the
 * other process is trying in vain, so that the version alone decides and the authority is kept.
 *
 * The old refresh token is kept when the answer had none.
 * @returns false when a sibling was faster: read again
 */
export async function storeRefreshed(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
  old: Credential,
  refreshed: TokenSet,
  lease: string,
): Promise<boolean> {
  const kept = {
    accessToken: refreshed.accessToken,
    grant: refreshTokenGrant(refreshed.refreshToken) ?? old.grant,
  };
  const [row] = await tx
    .update(credentials)
    .set({
      sealed: await sealTokens(tx, context, connectionId, old.generation, kept),
      tokenVersion: old.tokenVersion + 1,
      accessExpiresAt: refreshed.expiresAt,
      updatedAt: new Date(),
      refreshLease: null,
      refreshLeaseUntil: null,
      refreshFailures: 0,
      refreshRetryAt: null,
    })
    .where(
      and(
        own(context, connectionId),
        eq(credentials.generation, old.generation),
        eq(credentials.tokenVersion, old.tokenVersion),
        refreshed.refreshToken === null ? eq(credentials.refreshLease, lease) : undefined,
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
