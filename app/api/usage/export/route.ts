import { tenantRoute } from '@/lib/access';
import { exportUsage, usageFilter } from '@/lib/usage';

export const GET = tenantRoute(
  { permission: 'usage:read', query: usageFilter },
  async ({ context, query }) =>
    new Response(await exportUsage(context, query), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="usage.csv"',
        'cache-control': 'no-store',
      },
    }),
);
