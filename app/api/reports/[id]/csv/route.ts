import { tenantRoute } from '@/lib/access';
import { exportReport, reportParams } from '@/lib/automations';

export const GET = tenantRoute(
  { permission: 'reports:read', params: reportParams },
  async ({ context, params }) => {
    const { fileName, csv } = await exportReport(context, params.id);
    return new Response(csv, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${fileName}"`,
        'cache-control': 'no-store',
      },
    });
  },
);
