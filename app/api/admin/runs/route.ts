import { staffRoute } from '@/lib/access';
import { listPlatformRuns, platformRunFilter } from '@/lib/console';
import { cursorParameter } from '@/lib/paging';

export const GET = staffRoute(
  { role: 'support', query: platformRunFilter.extend({ cursor: cursorParameter }) },
  ({ staff, query: { cursor, ...filter } }) => listPlatformRuns(staff, filter, cursor),
);
