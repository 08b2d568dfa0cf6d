import { tenantRoute } from '@/lib/access';
import { downloadExport, exportParams } from '@/lib/exports';

export const GET = tenantRoute(
  { permission: 'audit:export', params: exportParams },
  async ({ context, params }) => {
    const { body, size, fileName } = await downloadExport(context, params.exportId);
    return new Response(body, {
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(size),
        'content-disposition': `attachment; filename="${fileName}"`,
        'cache-control': 'no-store',
      },
    });
  },
);
