import type { JobId, TenantId, UserId } from '../ids';
import { acrossTenantsMark } from '../observe';
import { type EngineStore, inTransaction } from './store';

/** A row of `jobs`: what a background function may believe. */
export interface JobRow {
  readonly id: JobId;
  readonly tenantId: TenantId;
  readonly kind: string;
  readonly subjectId: string;
  readonly requestedBy: UserId | null;
  readonly requestId: string;
  readonly createdAt: Date;
}

/** A job behind an event, and whether all work of its tenant is held at present. */
export interface FoundJob extends JobRow {
  readonly tenantHeld: boolean;
}

/** The tenant of a row is held: suspended, or being deleted. */
const held = (tenant: string) =>
  `exists (select from tenants where tenants.id = ${tenant} and tenants.state <> 'active')`;

/**
 * Texts are cut where they are longer than any of ours, as only SQL that got into a statement writes
 * them: one of hundreds of megabytes, read together with everybody's, would hold up everybody.
 */
const columns = `id, tenant_id as "tenantId", left(kind, 256) as kind, subject_id as "subjectId",
  requested_by as "requestedBy", left(request_id, 128) as "requestId", created_at as "createdAt"`;

/**
 * Hand jobs that nobody has dispatched to `send`, and mark them if it succeeds. Those of a tenant that
 * is held stay where they are, unless they are about the tenant itself. If the process dies
 * between the two they are sent again: the event's id is the job's, so that changes nothing.
 * @returns how many were dispatched
 */
export async function dispatchJobs(
  store: EngineStore,
  limit: number,
  send: (jobs: readonly JobRow[]) => Promise<void>,
): Promise<number> {
  return inTransaction(store, 'begin', async (client) => {
    const { rows } = await client.query<JobRow>({
      name: 'engine-outbox',
      text: `${acrossTenantsMark('the relay carries the jobs of all tenants, oldest first')}
             select ${columns} from jobs
              where dispatched_at is null and (kind like 'tenant/%' or not ${held('jobs.tenant_id')})
              order by created_at limit $1 for update skip locked`,
      values: [limit],
    });
    if (rows.length === 0) return 0;
    await send(rows);
    await client.query({
      name: 'engine-dispatched',
      text: `update jobs set dispatched_at = now() from unnest($1::uuid[], $2::uuid[]) as sent(tenant, job)
              where jobs.tenant_id = sent.tenant and jobs.id = sent.job`,
      values: [rows.map(({ tenantId }) => tenantId), rows.map(({ id }) => id)],
    });
    return rows.length;
  });
}

/**
 * The job that an event claims: the tenant's own with this id, else another's with it, for ids are
 * unique within a tenant only. Undefined if there is none.
 */
export async function findJob(
  store: EngineStore,
  claimed: { readonly jobId: string; readonly tenantId: string },
): Promise<FoundJob | undefined> {
  const { rows } = await store.query<FoundJob>({
    name: 'engine-job',
    text: `${acrossTenantsMark('an event that names another tenant’s job is to be found out')}
           select ${columns}, ${held('jobs.tenant_id')} as "tenantHeld"
             from jobs where id = $1::uuid
            order by tenant_id = $2::uuid desc limit 1`,
    values: [claimed.jobId, claimed.tenantId],
  });
  return rows[0];
}
