import type { KeyObject } from 'node:crypto';
import { record as store, type TenantId } from '@/db';
import { logger } from '@/lib/observability';
import { openOwnAnchor } from './anchors';
import { signCheckpoint } from './checkpoint';
import { continuation, noteSigned } from './continuity';
import { publishCheckpoints } from './publish';
import { sealRecord } from './seal';
import { signingKeys } from './signing-key';

/** Seconds between two checkpoints of a tenant, at least. */
export const checkpointEvery = 60;
/** Trees of one round. */
const round = 500;

async function signTree(
  tree: store.SignableTree,
  keys: readonly KeyObject[],
  seconds: number,
): Promise<boolean> {
  const { tenantId } = tree;
  const { state, broken } = await continuation(tree);
  if (broken !== null) {
    logger.error({ tenant_id: tenantId }, broken);
    await store.markFailed(tenantId, broken);
    return false;
  }
  await store.keepCheckpoint({ tenantId, size: state.size }, signCheckpoint(state, keys), seconds);
  noteSigned(tenantId, state);
  return true;
}

/**
 * Sign a checkpoint of every tree that has grown since its last one. A tree that does not go on from
 * that is not signed: whoever changed it cannot have the change signed for.
 * @param seconds only where the last is at least so old
 * @returns how many
 * @throws RecordError when the key cannot be used
 */
export async function signCheckpoints(
  seconds = checkpointEvery,
  only: TenantId | null = null,
): Promise<number> {
  const trees = await store.treesToSign(seconds, round, only);
  if (trees.length === 0) return 0;
  const keys = await signingKeys();
  let signed = 0;
  for (const tree of trees) {
    if (await signTree(tree, keys, seconds)) signed += 1;
  }
  return signed;
}

/** The state of a record that is signed: what outlives it on a certificate. */
export interface FinalCheckpoint {
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** The signed note. */
  readonly note: string;
  readonly signedAt: string;
}

/**
 * Seal what a tenant has on record up to now, sign it at once and publish that: the last word of a
 * record that is about to be erased.
 * @returns null when nothing was ever on record
 * @throws RecordError
 */
export async function finalCheckpoint(tenantId: TenantId): Promise<FinalCheckpoint | null> {
  await sealRecord();
  await signCheckpoints(0, tenantId);
  await publishCheckpoints(undefined, tenantId);
  const held = await store.checkpointsOf(store.recordReader(), tenantId);
  for (const { size, note, signedAt } of held.toReversed()) {
    const opened = openOwnAnchor({ size, note }, tenantId);
    if (!opened) continue;
    return { origin: opened.origin, size, root: opened.root.toString('base64'), note, signedAt };
  }
  return null;
}
