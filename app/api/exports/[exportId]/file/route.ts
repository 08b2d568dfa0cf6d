import { tenantRoute } from '@/lib/access';
import { downloadExport, exportParams } from '@/lib/exports';

export const GET = tenantRoute(
  { permission: 'audit:export', params: exportParams },
  async ({ context, params, request }) => {
    // Which comes here as well, and takes nothing: not to be on record as a download.
    if (request.method === 'HEAD') {
      return new Response(null, { status: 405, headers: { allow: 'GET' } });
    }
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
