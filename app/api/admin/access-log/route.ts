import { staffRoute } from '@/lib/access';
import { cursorParameter } from '@/lib/paging';
import { browsePlatformDenials, platformDenialFilter } from '@/lib/platform';

export const GET = staffRoute(
  { role: 'support', query: platformDenialFilter.extend({ cursor: cursorParameter }) },
  ({ staff, query: { cursor, ...filter } }) => browsePlatformDenials(staff, filter, cursor),
);
