import {
  type AuditEventId,
  and,
  asc,
  desc,
  eq,
  gte,
  isNull,
  lt,
  or,
  sql,
  type TenantContext,
  tenantDb,
} from '@/db';
import {
  auditEvents,
  recordCheckpoints,
  recordLeaves,
  recordTiles,
  recordTrees,
} from '@/db/schema';
import { firstIdOf } from '@/lib/ids';
import { type Checkpoint, readCheckpoint } from './checkpoint';
import { RecordError } from './errors';
import type { LoadTiles } from './tree';

/** What a tenant sees of its own record: reads as `tenantry_app`, which may write none of it. */

export interface SignedCheckpoint extends Checkpoint {
  readonly note: string;
  readonly signedAt: Date;
  readonly publishedAt: Date | null;
}

async function latestRow({ tenantId }: TenantContext) {
  const [row] = await tenantDb({ tenantId })
    .select({
      size: recordCheckpoints.size,
      note: recordCheckpoints.note,
      signedAt: recordCheckpoints.signedAt,
      publishedAt: recordCheckpoints.publishedAt,
    })
    .from(recordCheckpoints)
    .where(eq(recordCheckpoints.tenantId, tenantId))
    .orderBy(desc(recordCheckpoints.size))
    .limit(1);
  return row ?? null;
}

/**
 * The latest checkpoint, or null before the first.
 * @throws RecordError `note_malformed` where the database holds something else in its place
 */
export async function latestCheckpoint(context: TenantContext): Promise<SignedCheckpoint | null> {
  const row = await latestRow(context);
  return row && { ...row, ...readCheckpoint(row.note) };
}

/** The same to be shown: what is no checkpoint has no root, and no signature of ours either. */
export async function shownCheckpoint(context: TenantContext): Promise<SignedCheckpoint | null> {
  const row = await latestRow(context);
  if (!row) return null;
  try {
    return { ...row, ...readCheckpoint(row.note) };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return { ...row, origin: '', root: Buffer.alloc(0) };
  }
}

/** The size of the tree, the name of its log, and attempts that failed since its last checkpoint. */
export async function treeSize(
  context: TenantContext,
): Promise<{ readonly origin: string; readonly size: number; readonly failures: number } | null> {
  const [row] = await tenantDb(context)
    .select({
      origin: recordTrees.origin,
      size: recordTrees.size,
      failures: recordTrees.failures,
    })
    .from(recordTrees)
    .where(and(eq(recordTrees.tenantId, context.tenantId), eq(recordTrees.id, context.tenantId)));
  return row ?? null;
}

/** Milliseconds after which an event should long have been signed for; it takes about a minute. */
const lateAfter = 5 * 60_000;

/** Whether an event that the checkpoint does not cover has waited for one for too long. */
export async function waitsTooLong(
  { tenantId }: TenantContext,
  checkpoint: SignedCheckpoint | null,
): Promise<boolean> {
  // Ids are led by their time: what was written since is a range of them.
  const since = firstIdOf<AuditEventId>(checkpoint?.signedAt.getTime() ?? 0);
  const [late] = await tenantDb({ tenantId })
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .leftJoin(
      recordLeaves,
      and(eq(recordLeaves.tenantId, tenantId), eq(recordLeaves.id, auditEvents.id)),
    )
    .where(
      and(
        eq(auditEvents.tenantId, tenantId),
        gte(auditEvents.id, since),
        lt(auditEvents.id, firstIdOf<AuditEventId>(Date.now() - lateAfter)),
        or(isNull(recordLeaves.sequence), gte(recordLeaves.sequence, checkpoint?.size ?? 0)),
      ),
    )
    .orderBy(desc(auditEvents.id))
    .limit(1);
  return late !== undefined;
}

export interface PlacedLeaf {
  readonly id: AuditEventId;
  readonly sequence: number;
  readonly leaf: string;
}

const leafColumns = {
  id: recordLeaves.id,
  sequence: recordLeaves.sequence,
  leaf: recordLeaves.leaf,
};

/** The leaf of an event, or null while it has none. */
export async function leafOfEvent(
  context: TenantContext,
  id: AuditEventId,
): Promise<PlacedLeaf | null> {
  const [row] = await tenantDb(context)
    .select(leafColumns)
    .from(recordLeaves)
    .where(and(eq(recordLeaves.tenantId, context.tenantId), eq(recordLeaves.id, id)));
  return row ?? null;
}

/** Leaves from a place on, up to a size of the tree, in order. */
export function leavesBetween(
  context: TenantContext,
  from: number,
  size: number,
  limit: number,
): Promise<PlacedLeaf[]> {
  return tenantDb(context)
    .select(leafColumns)
    .from(recordLeaves)
    .where(
      and(
        eq(recordLeaves.tenantId, context.tenantId),
        gte(recordLeaves.sequence, from),
        lt(recordLeaves.sequence, size),
      ),
    )
    .orderBy(asc(recordLeaves.sequence))
    .limit(limit);
}

/** Gets the tenant's tiles. */
export function tilesOf(context: TenantContext): LoadTiles {
  return async (places) => {
    if (places.length === 0) return [];
    const rows = await tenantDb(context)
      .select({
        level: recordTiles.level,
        position: recordTiles.position,
        hashes: sql<string>`encode(${recordTiles.hashes}, 'base64')`,
      })
      .from(recordTiles)
      .where(
        and(
          eq(recordTiles.tenantId, context.tenantId),
          or(
            ...places.map(({ level, position }) =>
              and(eq(recordTiles.level, level), eq(recordTiles.position, position)),
            ),
          ),
        ),
      );
    return rows.map((row) => ({ ...row, hashes: Buffer.from(row.hashes, 'base64') }));
  };
}
