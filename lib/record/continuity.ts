import { record as store, type TenantId } from '@/db';
import { perProcess } from '@/lib/observability';
import { anchorAt, hasAnchors } from './anchors';
import { type Checkpoint, readCheckpoint } from './checkpoint';
import { engineTiles } from './engine-tiles';
import { consistencyProof, isConsistent, TreeIncomplete } from './tree';

/** What this process signed last, by tenant: nobody at the database can take that back. */
const signed = perProcess('record-signed', () => new Map<TenantId, Checkpoint>());
/** Tenants remembered at most. */
const most = 20_000;

/** Remember what was signed. */
export function noteSigned(tenantId: TenantId, checkpoint: Checkpoint): void {
  signed.delete(tenantId);
  signed.set(tenantId, checkpoint);
  const oldest = signed.keys().next();
  if (signed.size > most && !oldest.done) signed.delete(oldest.value);
}

/** Forget it, as a process that has just started. */
export function forgetSigned(): void {
  signed.clear();
}

/** The last checkpoint of a tenant, by who can be trusted most: this process, outside, the database. */
async function lastSigned(tenantId: TenantId, size: number): Promise<Checkpoint | null> {
  const own = signed.get(tenantId);
  if (own) return own;
  const outside = await anchorAt(tenantId, size);
  if (outside) return readCheckpoint(outside.note);
  const held = await store.checkpointsOf(store.recordReader(), tenantId);
  const inside = held.find((checkpoint) => checkpoint.size === size);
  return inside ? readCheckpoint(inside.note) : null;
}

/**
 * Whether a tree goes on from the last checkpoint that was signed of it. One that does not was changed
 * behind our back, and signing it would cover that up.
 * @returns what is wrong, for people; null when it goes on
 */
export async function discontinuity(
  tree: Checkpoint,
  tenantId: TenantId,
  lastSize: number,
): Promise<string | null> {
  const last = await lastSigned(tenantId, lastSize);
  if (!last) {
    const gone = lastSize > 0 || (await hasAnchors(tenantId));
    return gone ? 'The checkpoint that this record goes on from is not there.' : null;
  }
  const changed = 'The record was changed behind its last checkpoint; it is not signed any more.';
  if (last.size > tree.size) return changed;
  try {
    const proof = await consistencyProof(last.size, tree.size, engineTiles(tenantId));
    return isConsistent(last, tree, proof) ? null : changed;
  } catch (error) {
    if (error instanceof TreeIncomplete) return changed;
    throw error;
  }
}
