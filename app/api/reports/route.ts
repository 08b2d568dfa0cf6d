import { z } from 'zod';
import { tenantRoute } from '@/lib/access';
import { listReports } from '@/lib/automations';
import { cursorParameter } from '@/lib/paging';

export const GET = tenantRoute(
  { permission: 'reports:read', query: z.object({ cursor: cursorParameter }) },
  ({ context, query }) => listReports(context, query.cursor),
);
