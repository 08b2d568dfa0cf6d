import { z } from 'zod';
import { tenantRoute } from '@/lib/access';
import { reportLines, reportParams } from '@/lib/automations';
import { cursorParameter } from '@/lib/paging';

export const GET = tenantRoute(
  {
    permission: 'reports:read',
    params: reportParams,
    query: z.object({ cursor: cursorParameter }),
  },
  ({ context, params, query }) => reportLines(context, params.id, query.cursor),
);
