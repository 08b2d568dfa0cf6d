import { z } from 'zod';
import { tenantRoute } from '@/lib/access';
import { listAutomations } from '@/lib/automations';
import { cursorParameter } from '@/lib/paging';

export const GET = tenantRoute(
  { permission: 'automations:read', query: z.object({ cursor: cursorParameter }) },
  ({ context, query }) => listAutomations(context, query.cursor),
);
