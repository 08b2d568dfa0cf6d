import { poolOf } from './connections';
import type { TenantId } from './ids';

/** What only the engine may delete, for one tenant; `$2` is the moment before which it goes. */
const purges = {
  provider_calls: `select id from provider_calls
                    where tenant_id = $1 and created_at < $2::timestamptz
                    order by created_at limit $3`,
  tenant_access_logs: `select id from tenant_access_logs
                        where tenant_id = $1 and minute < $2::timestamptz
                        order by minute limit $3`,
  // Ids are of UUID version 7: they sort by the time that they were made at.
  jobs: `select id from jobs
          where tenant_id = $1 and dispatched_at is not null and created_at < $2::timestamptz
            and id < (lpad(to_hex((extract(epoch from $2::timestamptz) * 1000)::bigint), 12, '0')
                      || '70008000000000000000')::uuid
          order by id limit $3`,
} as const;
export type EnginePurge = keyof typeof purges;

/**
 * Delete a batch of what a tenant keeps no longer, as `tenantry_engine`.
 * @returns how many rows went
 */
export async function purgeOldRows(
  table: EnginePurge,
  tenantId: TenantId,
  before: Date,
  most: number,
): Promise<number> {
  const { rowCount } = await poolOf('engine').query({
    name: `purge-${table}`,
    text: `with old as materialized (${purges[table]})
           delete from ${table} where tenant_id = $1 and id = any(array(select id from old))`,
    values: [tenantId, before, most],
  });
  return rowCount ?? 0;
}
