import { staffRoute } from '@/lib/access';
import { cursorParameter } from '@/lib/paging';
import { browsePlatformAudit, platformAuditFilter } from '@/lib/platform';

export const GET = staffRoute(
  { role: 'support', query: platformAuditFilter.extend({ cursor: cursorParameter }) },
  ({ staff, query: { cursor, ...filter } }) => browsePlatformAudit(staff, filter, cursor),
);
