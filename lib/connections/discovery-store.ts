import {
  and,
  type ConnectionId,
  count,
  type DiscoveryId,
  eq,
  exists,
  isNull,
  ne,
  newId,
  not,
  or,
  type ResourceId,
  sql,
  storable,
  storableText,
  type TenantTransaction,
} from '@/db';
import { currentTenant, discoveries, discoveryCursors, resources } from '@/db/schema';
import { found } from '@/lib/errors';
import type {
  DiscoveredChange,
  DiscoveredResource,
  DiscoveryPhase,
  RemovedResource,
  ResourceKind,
} from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';

export interface DiscoveryRef {
  readonly id: DiscoveryId;
  readonly connectionId: ConnectionId;
}

type Discovery = typeof discoveries.$inferSelect;

const own = (context: ActingContext, id: DiscoveryId) =>
  and(eq(discoveries.tenantId, context.tenantId), eq(discoveries.id, id));

/** @throws PublicError `not_found` */
export async function lockDiscovery(
  tx: TenantTransaction,
  context: ActingContext,
  id: DiscoveryId,
): Promise<Discovery> {
  const [row] = await tx.select().from(discoveries).where(own(context, id)).for('update');
  return found(row);
}

export function updateDiscovery(
  tx: TenantTransaction,
  context: ActingContext,
  id: DiscoveryId,
  set: Partial<typeof discoveries.$inferInsert>,
) {
  return tx.update(discoveries).set(set).where(own(context, id));
}

/** Characters kept of a name; PostgreSQL refuses index entries of more than 2,704 bytes. */
const longestName = 500;

/** The last word on each resource of a batch: one statement may touch a row only once. */
function distinct(batch: readonly DiscoveredChange[]): DiscoveredChange[] {
  return [...new Map(batch.map((one) => [`${one.kind}\0${one.providerId}`, one])).values()];
}

/** What an insert that met another row would have written. */
export const excluded = (column: string) => sql.raw(`excluded.${column}`);
const differs = sql`(${resources.name}, ${resources.parentProviderId}, ${resources.attributes}, ${resources.goneAt})
  is distinct from (${excluded('name')}, ${excluded('parent_provider_id')}, ${excluded('attributes')}, null::timestamptz)`;

/**
 * Take in a batch of what was found. A resource that this discovery has met before (on an attempt
 * that was cut short, or twice in a listing) is counted once; signs that cannot be kept are left out.
 */
export async function storeBatch(
  tx: TenantTransaction,
  context: ActingContext,
  discovery: DiscoveryRef,
  phase: DiscoveryPhase,
  batch: readonly DiscoveredChange[],
): Promise<void> {
  const before = await lockDiscovery(tx, context, discovery.id);
  const changes = distinct(batch.map(storable));
  const present = changes.filter((one): one is DiscoveredResource => !('removed' in one));
  const removed = changes.filter((one): one is RemovedResource => 'removed' in one);
  const gone = await remove(tx, context, discovery, removed);
  const rows = present.length > 0 ? await upsert(tx, context, discovery, present) : [];
  const counts: Partial<Record<ResourceKind, number>> = { ...before.counts };
  for (const { kind } of rows) counts[kind] = (counts[kind] ?? 0) + 1;
  await updateDiscovery(tx, context, discovery.id, {
    phase,
    counts,
    added: before.added + rows.filter((row) => row.added).length,
    updated: before.updated + rows.filter((row) => row.changed).length,
    gone: before.gone + gone,
    error: null,
  });
}

function upsert(
  tx: TenantTransaction,
  context: ActingContext,
  { id, connectionId }: DiscoveryRef,
  batch: readonly DiscoveredResource[],
) {
  return tx
    .insert(resources)
    .values(
      batch.map((one) => ({
        tenantId: context.tenantId,
        id: newId<ResourceId>(),
        connectionId,
        kind: one.kind,
        providerId: one.providerId,
        parentProviderId: one.parentProviderId,
        name: storableText(one.name.slice(0, longestName)),
        attributes: { ...one.attributes },
        lastSeenIn: id,
        scope: one.scope ?? null,
      })),
    )
    .onConflictDoUpdate({
      target: [resources.tenantId, resources.connectionId, resources.kind, resources.providerId],
      set: {
        name: excluded('name'),
        parentProviderId: excluded('parent_provider_id'),
        attributes: excluded('attributes'),
        lastSeenIn: excluded('last_seen_in'),
        scope: excluded('scope'),
        updatedAt: sql`case when ${differs} then now() else ${resources.updatedAt} end`,
        goneAt: null,
      },
      setWhere: sql`${resources.lastSeenIn} is distinct from ${excluded('last_seen_in')}`,
    })
    .returning({
      kind: resources.kind,
      // A row version that replaced another has its predecessor's locker in xmax.
      added: sql<boolean>`${resources}.xmax = 0`,
      changed: sql<boolean>`${resources}.xmax <> 0 and ${resources.updatedAt} = now()`,
    });
}

/** Mark what a continued listing says is no longer there. @returns how many */
async function remove(
  tx: TenantTransaction,
  context: ActingContext,
  { connectionId }: DiscoveryRef,
  removed: readonly RemovedResource[],
): Promise<number> {
  if (removed.length === 0) return 0;
  const { rowCount } = await tx
    .update(resources)
    .set({ goneAt: new Date() })
    .where(
      and(
        eq(resources.tenantId, context.tenantId),
        eq(resources.connectionId, connectionId),
        isNull(resources.goneAt),
        or(
          ...removed.map(({ kind, providerId }) =>
            and(eq(resources.kind, kind), eq(resources.providerId, providerId)),
          ),
        ),
      ),
    );
  return rowCount ?? 0;
}

/**
 * Mark what was not met and is in no listing that was gone on with from a cursor.
 * @returns how many
 */
export async function markGone(
  tx: TenantTransaction,
  context: ActingContext,
  { id, connectionId }: DiscoveryRef,
): Promise<number> {
  const { rowCount } = await tx
    .update(resources)
    .set({ goneAt: new Date() })
    .where(
      and(
        eq(resources.tenantId, context.tenantId),
        eq(resources.connectionId, connectionId),
        ne(resources.lastSeenIn, id),
        isNull(resources.goneAt),
        not(
          exists(
            tx
              .select({ one: sql`1` })
              .from(discoveryCursors)
              .where(
                and(
                  eq(discoveryCursors.tenantId, resources.tenantId),
                  eq(discoveryCursors.connectionId, resources.connectionId),
                  eq(discoveryCursors.scope, resources.scope),
                  eq(discoveryCursors.continuedIn, id),
                ),
              ),
          ),
        ),
      ),
    );
  return rowCount ?? 0;
}

/**
 * What is there of a connection, by kind: what this discovery met, and what stands in listings that
 * went on from a cursor and had no reason to name it again. Of kinds of which nothing is there it
 * says nothing.
 */
export async function countPresent(
  tx: TenantTransaction,
  { connectionId }: DiscoveryRef,
): Promise<Partial<Record<ResourceKind, number>>> {
  const rows = await tx
    .select({ kind: resources.kind, n: count() })
    .from(resources)
    .where(
      and(
        eq(resources.tenantId, currentTenant),
        eq(resources.connectionId, connectionId),
        isNull(resources.goneAt),
      ),
    )
    .groupBy(resources.kind);
  return Object.fromEntries(rows.map(({ kind, n }) => [kind, n]));
}
