import { z } from 'zod';
import { tenantRoute } from '@/lib/access';
import { browseCalls, connectionParams } from '@/lib/connections';
import { cursorParameter } from '@/lib/paging';

export const GET = tenantRoute(
  {
    permission: 'connections:read',
    params: connectionParams,
    query: z.object({ cursor: cursorParameter }),
  },
  ({ context, params, query }) => browseCalls(context, params.id, query.cursor),
);
