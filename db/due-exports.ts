import { poolOf } from './connections';
import type { ExportId, TenantId } from './ids';
import { acrossTenantsMark } from './observe';

/** An export whose link has ended, whoever's it is. */
export interface EndedExport {
  readonly tenantId: TenantId;
  readonly exportId: ExportId;
}

/** Which exports' links have ended, longest ended first, as `tenantry_engine`; reads only ids. */
export async function endedExports(limit: number): Promise<EndedExport[]> {
  const { rows } = await poolOf('engine').query<EndedExport>({
    name: 'ended-exports',
    text: `${acrossTenantsMark('files of exports are deleted when their links end, whoever’s they are')}
           select tenant_id as "tenantId", id as "exportId"
             from exports
            where state = 'done' and expires_at <= now()
            order by expires_at limit $1`,
    values: [limit],
  });
  return rows;
}
