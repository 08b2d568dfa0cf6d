import { poolOf } from '../connections';
import type { TenantId } from '../ids';
import { acrossTenantsMark } from '../observe';
import type { TreeState } from './grow';

const mark = acrossTenantsMark('checkpoints are signed for every tenant whose tree has grown');

/** Public keys that checkpoints were signed with, base64, the latest last. */
export async function signers(): Promise<readonly string[]> {
  const { rows } = await poolOf('engine').query<{ key: string }>(
    'select public_key as key from record_signers order by last_used_at, first_used_at',
  );
  return rows.map(({ key }) => key);
}

/** Remember that checkpoints are signed with this key from now on. */
export async function noteSigner(publicKey: string): Promise<void> {
  await poolOf('engine').query(
    `insert into record_signers (public_key) values ($1)
     on conflict (public_key) do update set last_used_at = clock_timestamp()`,
    [publicKey],
  );
}

export interface SignableTree extends TreeState {
  /** Its size at the last checkpoint. */
  readonly checkpointSize: number;
}

/**
 * Trees that have grown since their checkpoint, where that is old enough; longest waiting first. Those
 * that failed more often come behind: what cannot be signed keeps nobody else waiting.
 */
export async function treesToSign(
  seconds: number,
  limit: number,
  only: TenantId | null,
): Promise<readonly SignableTree[]> {
  const { rows } = await poolOf('engine').query<SignableTree>(
    `${mark} select tenant_id as "tenantId", origin, size::float8 as size, frontier,
                    checkpoint_size::float8 as "checkpointSize"
       from record_trees
      where size > checkpoint_size and id = tenant_id
        and (checkpoint_at is null or checkpoint_at <= now() - make_interval(secs => $1))
        and ($3::uuid is null or tenant_id = $3)
      order by failures, grown_at limit $2`,
    [seconds, limit, only],
  );
  return rows;
}

/**
 * Keep a checkpoint that was signed, unless another process has signed one within these seconds: a log
 * signs one root for a size, and no more often than it says.
 */
export async function keepCheckpoint(
  { tenantId, size }: Pick<TreeState, 'tenantId' | 'size'>,
  note: string,
  seconds: number,
): Promise<void> {
  await poolOf('engine').query(
    `with moved as (
       update record_trees set checkpoint_size = $2, checkpoint_at = now()
        where tenant_id = $1 and id = $1 and checkpoint_size < $2
          and (checkpoint_at is null or checkpoint_at <= now() - make_interval(secs => $4))
       returning tenant_id
     )
     insert into record_checkpoints (tenant_id, id, size, note, signed_at)
     select tenant_id, gen_random_uuid(), $2, $3, now() from moved`,
    [tenantId, size, note, seconds],
  );
}

export interface UnpublishedCheckpoint {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly size: number;
  readonly note: string;
  readonly signedAt: Date;
}

/** Checkpoints that have not reached their places outside yet, oldest first. */
export async function unpublished(
  limit: number,
  only: TenantId | null,
): Promise<readonly UnpublishedCheckpoint[]> {
  const { rows } = await poolOf('engine').query<UnpublishedCheckpoint>(
    `${mark} select tenant_id as "tenantId", id, size::float8 as size, note,
                    signed_at as "signedAt"
       from record_checkpoints
      where published_at is null and ($2::uuid is null or tenant_id = $2)
      order by signed_at limit $1`,
    [limit, only],
  );
  return rows;
}

/** A checkpoint has reached its places. */
export async function markPublished(tenantId: TenantId, id: string): Promise<void> {
  await poolOf('engine').query(
    `with published as (
       update record_checkpoints set published_at = now() where tenant_id = $1 and id = $2
     )
     update record_trees set failures = 0, failure = null
      where tenant_id = $1 and id = $1 and failures > 0`,
    [tenantId, id],
  );
}

/** One has not, and why. */
export async function markFailed(tenantId: TenantId, failure: string): Promise<void> {
  await poolOf('engine').query(
    `update record_trees set failures = failures + 1, failure = $2
      where tenant_id = $1 and id = $1`,
    [tenantId, failure],
  );
}
