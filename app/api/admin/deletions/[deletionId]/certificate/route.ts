import { staffRoute } from '@/lib/access';
import { certificateOf } from '@/lib/deletions';
import { deletionParams } from '@/lib/lifecycle';

export const GET = staffRoute(
  { role: 'support', params: deletionParams },
  async ({ staff, params: { deletionId } }) =>
    new Response(await certificateOf(staff, deletionId), {
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'content-disposition': `attachment; filename="deletion-${deletionId}.txt"`,
        'cache-control': 'no-store',
      },
    }),
);
