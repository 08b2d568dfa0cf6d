import { staffRoute } from '@/lib/access';
import { cursorParameter } from '@/lib/paging';
import { listSupportRequests, platformRequestFilter } from '@/lib/support';

export const GET = staffRoute(
  { role: 'support', query: platformRequestFilter.extend({ cursor: cursorParameter }) },
  ({ staff, query: { cursor, ...filter } }) => listSupportRequests(staff, filter, cursor),
);
