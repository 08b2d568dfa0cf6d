import { staffRoute } from '@/lib/access';
import { cursorParameter } from '@/lib/paging';
import { browseLooks, lookFilter } from '@/lib/platform';

export const GET = staffRoute(
  { role: 'platform_admin', query: lookFilter.extend({ cursor: cursorParameter }) },
  ({ staff, query: { cursor, ...filter } }) => browseLooks(staff, filter, cursor),
);
