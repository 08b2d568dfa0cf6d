import { and, type ConnectionId, eq, inArray, sql, type TenantTransaction, withTenant } from '@/db';
import { discoveries, discoveryCursors } from '@/db/schema';
import type { DiscoveryCursors } from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { type DiscoveryRef, excluded } from './discovery-store';

const ofCursors = (context: ActingContext, connectionId: ConnectionId, scopes: readonly string[]) =>
  and(
    eq(discoveryCursors.tenantId, context.tenantId),
    eq(discoveryCursors.connectionId, connectionId),
    inArray(discoveryCursors.scope, [...scopes]),
  );

/** Cursors, and what became of the discoveries that listed everything before them. */
function readCursors(
  context: ActingContext,
  connectionId: ConnectionId,
  scopes: readonly string[],
) {
  return withTenant(context, (tx) =>
    tx
      .select({
        scope: discoveryCursors.scope,
        cursor: discoveryCursors.cursor,
        listedIn: discoveryCursors.listedIn,
        ended: discoveries.state,
      })
      .from(discoveryCursors)
      .leftJoin(
        discoveries,
        and(
          eq(discoveries.tenantId, discoveryCursors.tenantId),
          eq(discoveries.id, discoveryCursors.listedIn),
        ),
      )
      .where(ofCursors(context, connectionId, scopes)),
  );
}

/** The cursors that this discovery goes on from and leaves behind. */
export function cursorsOf(context: ActingContext, { id, connectionId }: DiscoveryRef) {
  /** Listings that this process has gone on with. */
  const continued = new Set<string>();

  async function keep(tx: TenantTransaction, cursors: ReadonlyMap<string, string>) {
    if (cursors.size === 0) return;
    const { tenantId } = context;
    const rows = [...cursors].map(([scope, cursor]) => ({
      ...{ tenantId, connectionId, scope, cursor },
      listedIn: id,
      continuedIn: continued.has(scope) ? id : null,
      updatedAt: new Date(),
    }));
    await tx
      .insert(discoveryCursors)
      .values(rows)
      .onConflictDoUpdate({
        target: [discoveryCursors.tenantId, discoveryCursors.connectionId, discoveryCursors.scope],
        set: {
          cursor: excluded('cursor'),
          continuedIn: excluded('continued_in'),
          updatedAt: excluded('updated_at'),
          // Who goes on has not listed everything.
          listedIn: sql`case when excluded.continued_in is null then excluded.listed_in else discovery_cursors.listed_in end`,
        },
      });
  }

  return {
    async read(scopes) {
      const found = new Map<string, string>();
      if (scopes.length === 0) return found;
      for (const row of await readCursors(context, connectionId, scopes)) {
        // Listed whole by an earlier attempt of this very discovery, whose end will mark the rest.
        const ownAttempt = row.listedIn === id;
        // Else what vanished before that listing was never marked, and no continuation would tell.
        if (!ownAttempt && row.ended !== 'succeeded') continue;
        if (!ownAttempt) continued.add(row.scope);
        found.set(row.scope, row.cursor);
      }
      return found;
    },
    async write(cursors) {
      const forgotten = [...cursors]
        .filter(([, cursor]) => cursor === null)
        .map(([scope]) => scope);
      const kept = [...cursors].filter((entry): entry is [string, string] => entry[1] !== null);
      for (const scope of forgotten) continued.delete(scope);
      if (cursors.size === 0) return;
      await withTenant(context, async (tx) => {
        if (forgotten.length > 0) {
          await tx.delete(discoveryCursors).where(ofCursors(context, connectionId, forgotten));
        }
        await keep(tx, new Map(kept));
      });
    },
  } satisfies DiscoveryCursors;
}
