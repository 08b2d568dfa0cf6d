import { poolOf } from '../connections';
import type { TenantId } from '../ids';
import { acrossTenantsMark } from '../observe';

const mark = acrossTenantsMark('how far the sealing is behind is told over all tenants');

export interface RecordLag {
  /** Events that nobody has tried to seal; a hundred stand for more. */
  readonly unsealed: number;
  /** Events that have waited for another try. */
  readonly waiting: number;
  /** Trees that have grown and were not signed for. */
  readonly unsigned: number;
  /** Trees whose last checkpoint did not reach its place, or was refused. */
  readonly failing: number;
}

/** What is behind by more than these seconds. */
export async function recordLag(late: {
  readonly leaf: number;
  readonly checkpoint: number;
}): Promise<RecordLag> {
  const { rows } = await poolOf('engine').query<RecordLag>(
    `${mark} select
       (select count(*)::int from (
         select e.tenant_id, e.id from audit_events e
          where e.written_in >= pg_snapshot_xmin(
                  coalesce((select done from record_progress), '3:3:')::pg_snapshot)
            and (e.written_in, e.id) > (
                  coalesce((select after_transaction::text::xid8 from record_progress), '0'::xid8),
                  coalesce((select after_id from record_progress), '00000000-0000-0000-0000-000000000000'::uuid))
            and not pg_visible_in_snapshot(e.written_in,
                  coalesce((select done from record_progress), '3:3:')::pg_snapshot)
            and e.created_at < now() - make_interval(secs => $1)
          order by e.written_in, e.id limit 100) u
         where not exists (select from record_leaves l where l.tenant_id = u.tenant_id and l.id = u.id)
           and not exists (
             select from record_waiting w where w.tenant_id = u.tenant_id and w.id = u.id)
       ) as unsealed,
       (select count(*)::int from record_waiting
         where created_at < now() - make_interval(secs => $1)) as waiting,
       (select count(*)::int from record_trees
         where size > checkpoint_size and id = tenant_id and failures = 0
           and coalesce(checkpoint_at, created_at) < now() - make_interval(secs => $2)
           and grown_at < now() - make_interval(secs => $2)) as unsigned,
       (select count(*)::int from record_trees where failures > 0) as failing`,
    [late.leaf, late.checkpoint],
  );
  return rows[0] ?? { unsealed: 0, waiting: 0, unsigned: 0, failing: 0 };
}

/** How one tenant's record stands, for staff. */
export interface RecordStanding {
  readonly size: number;
  readonly checkpointSize: number;
  readonly checkpointAt: Date | null;
  /** The largest checkpoint that is kept; null before the first. */
  readonly checkpoint: { readonly size: number; readonly note: string } | null;
  readonly failures: number;
  readonly failure: string | null;
  readonly grownAt: Date;
  /** Events that wait for another try. */
  readonly waiting: number;
  readonly waitingReason: string | null;
}

/** The same that the tenant sees of its record, and what went wrong. */
export async function standingOf(tenantId: TenantId): Promise<RecordStanding | null> {
  const { rows } = await poolOf('engine').query<RecordStanding>(
    `select t.size::float8 as size, t.checkpoint_size::float8 as "checkpointSize",
            t.checkpoint_at as "checkpointAt",
            (select json_build_object('size', c.size, 'note', c.note) from record_checkpoints c
              where c.tenant_id = $1 order by c.size desc limit 1) as checkpoint, t.failures, t.failure, t.grown_at as "grownAt",
            (select count(*)::int from record_waiting w where w.tenant_id = $1) as waiting,
            (select w.reason from record_waiting w where w.tenant_id = $1
              order by w.id limit 1) as "waitingReason"
       from record_trees t where t.tenant_id = $1 and t.id = $1`,
    [tenantId],
  );
  return rows[0] ?? null;
}
