import { staffRoute } from '@/lib/access';
import { cursorParameter } from '@/lib/paging';
import { listPlatformStreams, platformStreamFilter } from '@/lib/streams';

export const GET = staffRoute(
  { role: 'support', query: platformStreamFilter.extend({ cursor: cursorParameter }) },
  ({ staff, query: { cursor, ...filter } }) => listPlatformStreams(staff, filter, cursor),
);
