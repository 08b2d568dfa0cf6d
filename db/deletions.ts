import { poolOf } from './connections';
import type { DeletionId, TenantId, UserId } from './ids';
import { acrossTenantsMark } from './observe';
import type { DeletionStage, Revocation, TenantState } from './schema';

/** A deletion as the engine knows it. */
export interface DeletionRow {
  readonly id: DeletionId;
  readonly tenantId: TenantId;
  readonly origin: 'owner' | 'staff';
  readonly reason: string | null;
  readonly tenantName: string | null;
  readonly askedBy: UserId | null;
  readonly askedName: string | null;
  readonly askedEmail: string | null;
  readonly askedAt: Date;
  readonly graceUntil: Date;
  readonly endedAt: Date | null;
  readonly endedBy: UserId | null;
  readonly endedName: string | null;
  readonly stage: DeletionStage;
  readonly stageAt: Date;
  readonly closedAt: Date | null;
  readonly toldAt: Date | null;
  readonly remindedAt: Date | null;
  readonly toldEndAt: Date | null;
  readonly attempts: number;
  readonly revocations: readonly Revocation[];
  readonly checkpoint: string | null;
  readonly recordState: string | null;
  readonly keysDestroyed: number | null;
  readonly files: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly certificate: string | null;
  readonly finishedAt: Date | null;
}

const columns = `d.id, d.tenant_id as "tenantId", d.origin, d.reason, d.tenant_name as "tenantName",
  d.asked_by as "askedBy", d.asked_name as "askedName", d.asked_email as "askedEmail",
  d.asked_at as "askedAt", d.grace_until as "graceUntil", d.ended_at as "endedAt",
  d.ended_by as "endedBy", d.ended_name as "endedName", d.stage, d.stage_at as "stageAt", d.closed_at as "closedAt",
  d.told_at as "toldAt", d.reminded_at as "remindedAt", d.told_end_at as "toldEndAt", d.attempts,
  d.revocations, d.checkpoint, d.record_state as "recordState", d.keys_destroyed as "keysDestroyed",
  d.files, d.counts, d.certificate, d.finished_at as "finishedAt"`;

const ours = acrossTenantsMark('deletions are driven by the platform, whoever’s they are');

/**
 * Deletions with something to do now, longest at their stage first: owners to be told, a grace that
 * is over, a stage under way whose next attempt is due.
 * @param remindDays days before the end of the grace at which owners are reminded
 */
export async function dueDeletions(remindDays: number, limit: number): Promise<DeletionRow[]> {
  const { rows } = await poolOf('engine').query<DeletionRow>({
    name: 'due-deletions',
    text: `${ours}
      select ${columns} from tenant_deletions d
       where d.finished_at is null and (d.retry_at is null or d.retry_at <= now())
         and case when d.ended_at is not null then d.told_end_at is null
                  when d.stage <> 'grace' then true
                  else d.told_at is null or d.grace_until <= now()
                       or (d.reminded_at is null and d.grace_until <= now() + make_interval(days => $1))
             end
       order by d.stage_at limit $2`,
    values: [remindDays, limit],
  });
  return rows;
}

/** One deletion, wherever it stands. */
export async function findDeletion(id: DeletionId): Promise<DeletionRow | undefined> {
  const { rows } = await poolOf('engine').query<DeletionRow>({
    name: 'deletion',
    text: `${ours} select ${columns} from tenant_deletions d where d.id::text = $1::uuid::text`,
    values: [id],
  });
  return rows[0];
}

/** What the engine may note of a deletion. */
export interface DeletionNote {
  readonly told_at?: Date;
  readonly reminded_at?: Date;
  readonly told_end_at?: Date;
  readonly error?: string | null;
  readonly attempts?: number;
  /** Seconds from now; null is at once. */
  readonly retryIn?: number | null;
  readonly revocations?: readonly Revocation[];
  readonly checkpoint?: string | null;
  readonly record_state?: string;
  readonly keys_destroyed?: number;
  readonly certificate?: string;
  readonly mailed_at?: Date;
  readonly mail_error?: string | null;
}

/** Note something at a deletion, if it still stands at this stage. @returns whether it did */
export async function noteDeletion(
  id: DeletionId,
  stage: DeletionStage,
  { retryIn, revocations, ...plain }: DeletionNote,
): Promise<boolean> {
  const entries = [
    ...Object.entries(plain),
    ...(revocations ? [['revocations', JSON.stringify(revocations)] as const] : []),
  ];
  const sets = entries.map(([column], at) => `${column} = $${at + 3}`);
  if (retryIn !== undefined) {
    sets.push(
      retryIn === null
        ? 'retry_at = null'
        : `retry_at = now() + make_interval(secs => ${Number(retryIn)})`,
    );
  }
  const { rowCount } = await poolOf('engine').query(
    `${ours} update tenant_deletions d set ${sets.join(', ')}
      where d.id::text = $1::uuid::text and d.stage = $2`,
    [id, stage, ...entries.map(([, value]) => value)],
  );
  return rowCount === 1;
}

/** Count files that were deleted for it. */
export async function countFiles(id: DeletionId, files: number): Promise<void> {
  await poolOf('engine').query(
    `${ours} update tenant_deletions d set files = files + $2 where d.id::text = $1::uuid::text`,
    [id, files],
  );
}

/** On to the next stage, if it still stands at this one. @returns whether it did */
export async function moveDeletion(
  id: DeletionId,
  from: DeletionStage,
  to: DeletionStage,
): Promise<boolean> {
  const { rowCount } = await poolOf('engine').query({
    name: 'move-deletion',
    text: `${ours}
      update tenant_deletions d
         set stage = $3, stage_at = now(), attempts = 0, error = null, retry_at = null
       where d.id::text = $1::uuid::text and d.stage = $2`,
    values: [id, from, to],
  });
  return rowCount === 1;
}

/** The end: no name of anybody stays. @returns whether it stood at `certifying` */
export async function finishDeletion(id: DeletionId): Promise<boolean> {
  const { rowCount } = await poolOf('engine').query({
    name: 'finish-deletion',
    text: `${ours}
      update tenant_deletions d
         set stage = 'done', stage_at = now(), finished_at = now(), reason = null, tenant_name = null,
             asked_by = null, asked_name = null, asked_email = null, error = null, attempts = 0,
             retry_at = null, mail_error = null
       where d.id::text = $1::uuid::text and d.stage = 'certifying' and d.certificate is not null`,
    values: [id],
  });
  return rowCount === 1;
}

/**
 * Forget who asked for the earlier deletions of a tenant that is being erased, and who ended them: that
 * there were any, and when, is all that stays. What they have yet to tell is told to nobody any more.
 */
export async function forgetEnded(tenantId: TenantId): Promise<void> {
  await poolOf('engine').query({
    name: 'forget-ended',
    text: `update tenant_deletions d
              set reason = null, tenant_name = null, asked_by = null, asked_name = null,
                  asked_email = null, ended_by = null, ended_name = null, error = null,
                  told_end_at = coalesce(told_end_at, now())
            where d.tenant_id = $1 and d.ended_at is not null`,
    values: [tenantId],
  });
}

/** How many earlier deletions of a tenant say who asked for or who ended them. */
export async function endedWithNames(tenantId: TenantId): Promise<number> {
  const { rows } = await poolOf('engine').query<{ n: number }>({
    name: 'ended-with-names',
    text: `select count(*)::int as n from tenant_deletions d
            where d.tenant_id = $1 and d.ended_at is not null
              and num_nonnulls(d.reason, d.tenant_name, d.asked_by, d.asked_name, d.asked_email,
                               d.ended_by, d.ended_name) > 0`,
    values: [tenantId],
  });
  return rows[0]?.n ?? 0;
}

/** State of a tenant; undefined once its row is gone. */
export async function stateOfTenant(id: TenantId): Promise<TenantState | undefined> {
  const { rows } = await poolOf('engine').query<{ state: TenantState }>({
    name: 'tenant-state',
    text: 'select state from tenants where id = $1',
    values: [id],
  });
  return rows[0]?.state;
}
