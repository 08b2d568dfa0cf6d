import { z } from 'zod';
import { staffRoute } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { exportTenantUsage } from '@/lib/load';
import { usageFilter } from '@/lib/usage';

export const GET = staffRoute(
  { role: 'support', params: z.object({ tenantId: idOf('tenant') }), query: usageFilter },
  async ({ staff, params, query }) =>
    new Response(await exportTenantUsage(staff, params.tenantId, query), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="usage.csv"',
        'cache-control': 'no-store',
      },
    }),
);
