import { type AuditEventId, sql, record as store, type TenantContext, tenantDb } from '@/db';
import { auditEvents } from '@/db/schema';
import { found } from '@/lib/errors';
import { openOwnAnchor } from './anchors';
import { differences } from './compare';
import { checkpointNotOurs, type EventProof, type RecordState } from './contract';
import { verifierKey } from './note';
import { trustedPublicKeys } from './signing-key';
import { tenantRecordKey } from './tenant-key';
import { leafOfEvent, shownCheckpoint, tilesOf, treeSize, waitsTooLong } from './tenant-reads';
import { inclusionProof, isIncluded, leafHash, TreeIncomplete } from './tree';

/** How far a tenant's record is sealed and signed; behind, too, when what it shows is not our signature. */
export async function recordState(context: TenantContext): Promise<RecordState> {
  const [tree, checkpoint] = await Promise.all([treeSize(context), shownCheckpoint(context)]);
  const ours = checkpoint !== null && openOwnAnchor(checkpoint, context.tenantId) !== null;
  const failing = (checkpoint !== null && !ours) || (tree?.failures ?? 0) > 0;
  const behind = failing || (await waitsTooLong(context, checkpoint));
  const [key] = checkpoint ? trustedPublicKeys() : [];
  return {
    sealed: tree?.size ?? 0,
    behind,
    origin: tree?.origin ?? null,
    verifierKey: tree && key ? verifierKey(tree.origin, key) : null,
    checkpoint: checkpoint && {
      size: checkpoint.size,
      root: checkpoint.root.toString('base64'),
      signedAt: checkpoint.signedAt.toISOString(),
      publishedAt: checkpoint.publishedAt?.toISOString() ?? null,
      ours,
    },
  };
}

/** An event as its leaf is made of it. @throws PublicError `not_found` */
async function storedEvent(context: TenantContext, id: AuditEventId): Promise<store.StoredEvent> {
  const { rows } = await tenantDb(context).execute<store.StoredEvent & Record<string, unknown>>(
    sql`select ${sql.raw(store.eventColumns)} from ${auditEvents} e
         where e.tenant_id = ${context.tenantId} and e.id = ${id}`,
  );
  return found(rows[0]);
}

/**
 * Prove one event: its row against its leaf, the leaf against the latest checkpoint, and that against
 * the keys of this installation: what the database says was signed is only its word.
 * @throws PublicError `not_found`
 */
export async function proveEvent(context: TenantContext, id: AuditEventId): Promise<EventProof> {
  const [event, placed, checkpoint] = await Promise.all([
    storedEvent(context, id),
    leafOfEvent(context, id),
    shownCheckpoint(context),
  ]);
  if (!placed || !checkpoint || placed.sequence >= checkpoint.size) {
    return { state: 'pending', sequence: placed?.sequence ?? null };
  }
  const { sequence, leaf } = placed;
  const key = await tenantRecordKey(context.tenantId);
  const problems = await differences(event, sequence, leaf, key);
  if (!openOwnAnchor(checkpoint, context.tenantId)) {
    problems.push(checkpointNotOurs);
  }
  const { size, root, signedAt } = checkpoint;
  try {
    const proof = await inclusionProof(sequence, size, tilesOf(context));
    if (problems.length === 0 && isIncluded(leafHash(leaf), sequence, { size, root }, proof)) {
      return {
        state: 'proven',
        sequence,
        size,
        root: root.toString('base64'),
        signedAt: signedAt.toISOString(),
        hashes: proof.length,
      };
    }
    if (problems.length === 0) problems.push('its proof does not lead to what was signed');
  } catch (error) {
    if (!(error instanceof TreeIncomplete)) throw error;
    problems.push('what proves it is not there any more');
  }
  return { state: 'broken', problems };
}
