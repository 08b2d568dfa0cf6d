import { tenantRoute } from '@/lib/access';
import { listRuns, runFilter } from '@/lib/automations';
import { cursorParameter } from '@/lib/paging';

export const GET = tenantRoute(
  { permission: 'runs:read', query: runFilter.extend({ cursor: cursorParameter }) },
  ({ context, query: { cursor, ...filter } }) => listRuns(context, filter, cursor),
);
