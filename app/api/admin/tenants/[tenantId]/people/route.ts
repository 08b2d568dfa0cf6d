import { z } from 'zod';
import { staffRoute } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { cursorParameter } from '@/lib/paging';
import { listTenantMembers } from '@/lib/platform';

export const GET = staffRoute(
  {
    role: 'support',
    params: z.object({ tenantId: idOf('tenant') }),
    query: z.object({ cursor: cursorParameter }),
  },
  ({ staff, params: { tenantId }, query: { cursor } }) =>
    listTenantMembers(staff, tenantId, cursor),
);
