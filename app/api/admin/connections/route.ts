import { staffRoute } from '@/lib/access';
import { cursorParameter } from '@/lib/paging';
import { brokenConnectionFilter, listBrokenConnections } from '@/lib/platform';

export const GET = staffRoute(
  { role: 'support', query: brokenConnectionFilter.extend({ cursor: cursorParameter }) },
  ({ staff, query: { cursor, ...filter } }) => listBrokenConnections(staff, filter, cursor),
);
