import { staffRoute } from '@/lib/access';
import { alertFilter, listAlerts } from '@/lib/alerts';
import { cursorParameter } from '@/lib/paging';

export const GET = staffRoute(
  { role: 'support', query: alertFilter.extend({ cursor: cursorParameter }) },
  ({ staff, query: { cursor, ...filter } }) => listAlerts(staff, filter, cursor),
);
