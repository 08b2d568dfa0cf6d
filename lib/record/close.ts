import { record as store, type TenantId } from '@/db';
import { anchorsOf, openOwnAnchor } from './anchors';
import { absence, continuation } from './continuity';
import { finalCheckpoint } from './sign';

/** How a record stands that is about to be erased. */
export type ClosedState =
  /** Nothing was ever on it. */
  | 'empty'
  /** It goes on from its last checkpoint, and all of it is signed for. */
  | 'signed'
  /** It goes on from its last checkpoint, and some events behind that could not be signed for. */
  | 'unsigned_tail'
  /** It does not go on from what was signed, so that nothing behind that was signed any more. */
  | 'refused';

export interface ClosedRecord {
  readonly state: ClosedState;
  /** Why it was refused, for people. */
  readonly because: string | null;
  /** Events with a place in the tree, as the database says. */
  readonly sealed: number;
  /** Events that the last checkpoint is signed for. */
  readonly signed: number;
  /** Events without a place in the tree; of more than a thousand, a thousand. */
  readonly unsealed: number;
  /** The last checkpoint that bears our signature, wherever it lies. */
  readonly note: string | null;
}

const mostUnsealed = 1_000;

interface Last {
  readonly size: number;
  readonly note: string | null;
}

/** The largest checkpoint with our signature: the database may have forgotten what lies outside. */
async function lastNote(tenantId: TenantId): Promise<Last> {
  const inside = await finalCheckpoint(tenantId);
  const { read } = await anchorsOf(tenantId, 1);
  const outside = read.find((anchor) => openOwnAnchor(anchor, tenantId) !== null);
  if (outside && outside.size > (inside?.size ?? 0)) return outside;
  return inside ?? { size: 0, note: null };
}

function stateOf({ sealed, signed, unsealed, because }: Omit<ClosedRecord, 'state'>): ClosedState {
  if (because !== null) return 'refused';
  if (sealed + signed + unsealed === 0) return 'empty';
  return sealed === signed && unsealed === 0 ? 'signed' : 'unsigned_tail';
}

/**
 * Seal and sign what a tenant has on record, and say how it stands by then: by its tree and by what was
 * signed of it, not by its rows. Looked at anew each time, so ask before anything of it is erased.
 * @throws RecordError, ObjectStoreError
 */
export async function closeRecord(tenantId: TenantId): Promise<ClosedRecord> {
  const reader = store.recordReader();
  const { size: signed, note } = await lastNote(tenantId);
  const tree = await store.treeOf(reader, tenantId);
  const judged = tree && (await continuation(tree));
  const because = judged ? judged.broken : await absence(tenantId);
  const sealed = judged?.state?.size ?? tree?.size ?? 0;
  const unsealed = await store.unsealedOf(reader, tenantId, mostUnsealed);
  const closed = { because, sealed, signed, unsealed, note };
  return { state: stateOf(closed), ...closed };
}
