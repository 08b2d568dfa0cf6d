import { record as store, type TenantId } from '@/db';
import { openOwnAnchor } from './anchors';
import type { StaffRecordState } from './contract';

/**
 * How a tenant's record stands, for staff: figures and what went wrong, no content. Whoever asks
 * leaves a look of their own.
 * @returns null while nothing was sealed of it
 */
export async function recordStanding(tenantId: TenantId): Promise<StaffRecordState | null> {
  const standing = await store.standingOf(tenantId);
  if (!standing) return null;
  const { checkpoint, checkpointAt, failure, failures, size, checkpointSize, waiting } = standing;
  return {
    sealed: size,
    signed: checkpointSize,
    signedAt: checkpointAt?.toISOString() ?? null,
    ours: checkpoint ? openOwnAnchor(checkpoint, tenantId) !== null : checkpointSize === 0,
    waiting,
    failures,
    failure: failures > 0 ? failure : null,
  };
}
