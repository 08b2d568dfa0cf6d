import { staffRoute } from '@/lib/access';
import { listPlatformExports, platformExportFilter } from '@/lib/exports';
import { cursorParameter } from '@/lib/paging';

export const GET = staffRoute(
  { role: 'support', query: platformExportFilter.extend({ cursor: cursorParameter }) },
  ({ staff, query: { cursor, ...filter } }) => listPlatformExports(staff, filter, cursor),
);
