import { type DenialId, newId, type SQL, sql, tenantDb } from '@/db';
import { mostTimes } from '@/db/schema';
import { type Denial, digestOf, overflowDigest } from './denial';

/**
 * Rows of one tenant and minute, beyond which refusals are counted per person and reason only. Far
 * more than people produce by mistake, and at 90 days of unbroken attack some ten million rows.
 * Several processes that write at the same moment may go beyond it by one row each.
 */
export const rowsPerMinute = 100;

/** A denial and its repetitions that have not been put on record. */
export interface Waiting {
  readonly denial: Denial;
  /** Of the first. */
  readonly at: Date;
  lastAt: Date;
  lastRequestId: string;
  times: number;
  /** What was asked for has been given up to bound memory; who and why are kept. */
  readonly merged: boolean;
}

/**
 * One statement: a new row, or one more time on the row of the same minute. Nothing is written for
 * a tenant that does not exist, since an event may name any.
 */
function statement(
  { denial, at, lastAt, lastRequestId, times, merged }: Waiting,
  rows: number,
): SQL {
  const { tenantId, actor } = denial;
  const overflow = overflowDigest(denial);
  const own = merged ? overflow : digestOf(denial);
  const ofMinute = sql`l.tenant_id = ${tenantId}::uuid and l.minute = date_trunc('minute', now())`;
  return sql`
    with place as materialized (
      select ${own}::text = ${overflow}::text
          or (not exists (select from tenant_access_logs l
                           where ${ofMinute} and l.digest = ${own}::text)
              and (select count(*) from (select from tenant_access_logs l where ${ofMinute}
                                          limit ${rows}::int) counted) >= ${rows}::int) as full
    )
    insert into tenant_access_logs (
      tenant_id, id, created_at, digest, user_id, actor_name, actor_email, ip_address,
      user_agent, method, path, reason, request_id, last_request_id, last_seen_at, times, overflow,
      details)
    select t.id, ${newId<DenialId>()}::uuid, ${at.toISOString()}::timestamptz,
           case when p.full then ${overflow}::text else ${own}::text end,
           ${actor?.userId ?? null}::uuid, ${actor?.name ?? null}::text,
           ${actor?.email ?? null}::text, ${denial.ipAddress ?? null}::text,
           ${denial.userAgent ?? null}::text,
           case when p.full then 'MANY' else ${denial.method}::text end,
           case when p.full then '' else ${denial.path}::text end,
           ${denial.reason}::text, ${denial.requestId}::text,
           ${times > 1 ? lastRequestId : null}::text, ${lastAt.toISOString()}::timestamptz,
           least(${times}::int, ${mostTimes}::int), p.full,
           case when p.full then '{}' else ${JSON.stringify(denial.details)}::jsonb end
      from tenants t cross join place p
     where t.id = ${tenantId}::uuid
        on conflict (tenant_id, minute, digest) do update
       set times = least(tenant_access_logs.times + excluded.times, ${mostTimes}::int),
           last_seen_at = greatest(tenant_access_logs.last_seen_at, excluded.last_seen_at),
           last_request_id = coalesce(excluded.last_request_id, excluded.request_id)`;
}

/**
 * Put a denial on record, in a transaction of its own: what was refused may have none, or a failed
 * one.
 * @throws QueryError, ConnectionLostError; what `signal` gives as its reason
 */
export async function write(
  waiting: Waiting,
  signal: AbortSignal,
  rows: number = rowsPerMinute,
): Promise<void> {
  await tenantDb({ tenantId: waiting.denial.tenantId }, { signal }).execute(
    statement(waiting, rows),
  );
}
