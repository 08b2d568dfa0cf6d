import { staffRoute } from '@/lib/access';
import { exportTenants, tenantFilter } from '@/lib/platform';

export const GET = staffRoute(
  { role: 'support', query: tenantFilter },
  async ({ staff, query }) =>
    new Response(await exportTenants(staff, query), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="tenants.csv"',
        'cache-control': 'no-store',
      },
    }),
);
