import { type deletions, erasure } from '@/db';
import { StageWaits } from './waits';

/** Seconds for work under way to notice that its tenant is closed, and to let go by itself. */
const patience = 120;

/**
 * Bring a closed tenant's background work to its end: what is under way lets go at its next call,
 * nothing new begins, and then all of it is ended.
 */
export async function hold({ tenantId, stageAt }: deletions.DeletionRow): Promise<void> {
  const held = await erasure.heldRunsOf(tenantId);
  const waited = (Date.now() - stageAt.getTime()) / 1_000;
  if (held > 0 && waited < patience)
    throw new StageWaits(5, 'Work under way is coming to its end.');
  await erasure.stopRunsOf(tenantId);
}
