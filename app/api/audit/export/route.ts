import { tenantRoute } from '@/lib/access';
import { auditFilter, exportAudit } from '@/lib/audit';

export const GET = tenantRoute(
  { permission: 'audit:export', query: auditFilter },
  async ({ context, query }) =>
    new Response(await exportAudit(context, query), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="audit.csv"',
        'cache-control': 'no-store',
      },
    }),
);
