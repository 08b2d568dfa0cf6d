import { poolOf } from './connections';
import type { TenantId } from './ids';
import { acrossTenantsMark } from './observe';

/**
 * Tenants in the order of their ids, for work that is done for each: all but those that are being
 * deleted. As `tenantry_engine`, which reads nothing of them but that they are there.
 * @param after the last one that was had; null to begin
 */
export async function tenantsToCount(
  after: string | null,
  limit: number,
): Promise<readonly TenantId[]> {
  const { rows } = await poolOf('engine').query<{ id: TenantId }>({
    name: 'tenants-to-count',
    text: `${acrossTenantsMark('what each tenant used is counted')}
           select id from tenants
            where id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
              and state <> 'deleting'
            order by id limit $2`,
    values: [after, limit],
  });
  return rows.map(({ id }) => id);
}
