import { record as store, type TenantId } from '@/db';
import { perProcess } from '@/lib/observability';
import { anchorsOf, openOwnAnchor } from './anchors';
import { type Checkpoint, isOriginOf } from './checkpoint';
import { engineTiles } from './engine-tiles';
import { originOf } from './seal';
import { consistencyProof, Frontier, isConsistent, TreeIncomplete } from './tree';

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

const gone = 'The checkpoint that this record goes on from is not there.';
const changed = 'The record was changed behind its last checkpoint; it is not signed any more.';
const renamed = 'The name of the record was changed; it is not signed any more.';
const wiped = 'The record that its last checkpoint was signed for is not there.';
const strange = 'The latest checkpoint outside the database is not signed with a known key.';

/**
 * The last checkpoint of a tenant: what this process signed or, where it has not yet, the largest of
 * those outside. The database can only add a larger one, and only with our signature.
 * @returns null when there is none; a text for people when it cannot be told
 */
async function lastSigned(tenantId: TenantId): Promise<Checkpoint | null | string> {
  let last = signed.get(tenantId) ?? null;
  if (!last) {
    const { read, there } = await anchorsOf(tenantId, 1);
    const anchor = read.at(-1);
    last = anchor ? openOwnAnchor(anchor, tenantId) : null;
    if (there > 0 && !last) return anchor ? strange : gone;
  }
  const held = await store.checkpointsOf(store.recordReader(), tenantId, last?.size);
  for (const inside of held.toReversed()) {
    const opened = openOwnAnchor(inside, tenantId);
    if (opened) return opened;
  }
  return last;
}

/** What a checkpoint of a tree would say; null when its size and its nodes do not go together. */
function stateOf({ origin, size, frontier }: store.TreeState): Checkpoint | null {
  try {
    return { origin, size, root: new Frontier(size, frontier).root() };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Whether a tenant without a tree never had one.
 * @returns what is wrong, for people; null when nothing was ever signed of it
 */
export async function absence(tenantId: TenantId): Promise<string | null> {
  const last = await lastSigned(tenantId);
  return last === null || typeof last === 'string' ? last : wiped;
}

/** What a tree says and, where it is not to be signed, why not, for people. */
export type Continuation =
  | { readonly state: Checkpoint; readonly broken: null }
  | { readonly state: Checkpoint | null; readonly broken: string };

/**
 * Whether a tree, as it is by now, goes on from the last checkpoint that was signed of it. One that does not was changed
 * behind our back, and signing it would cover that up. What the database says was signed is taken as a
 * reason to refuse, never to sign.
 */
export async function continuation(tree: store.TreeRow): Promise<Continuation> {
  const state = stateOf(tree);
  const refused = (broken: string): Continuation => ({ state, broken });
  const { tenantId, checkpointSize } = tree;
  const last = await lastSigned(tenantId);
  if (typeof last === 'string') return refused(last);
  if (!state) return refused(changed);
  if (state.origin !== (last?.origin ?? originOf(tenantId))) return refused(renamed);
  if (!isOriginOf(state.origin, tenantId)) return refused(renamed);
  if (!last) return checkpointSize > 0 ? refused(gone) : { state, broken: null };
  if (last.size > state.size) {
    // Another process may have sealed and signed more since the tree was read.
    const now = await store.treeOf(store.recordReader(), tenantId);
    return now && now.size > state.size ? continuation(now) : refused(changed);
  }
  try {
    const proof = await consistencyProof(last.size, state.size, engineTiles(tenantId));
    return isConsistent(last, state, proof) ? { state, broken: null } : refused(changed);
  } catch (error) {
    if (error instanceof TreeIncomplete) return refused(changed);
    throw error;
  }
}
