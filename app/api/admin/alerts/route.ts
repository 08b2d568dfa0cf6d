import { staffRoute } from '@/lib/access';
import { alertFilter, listAlerts } from '@/lib/alerts';
import { cursorParameter, refreshHeader } from '@/lib/paging';

export const GET = staffRoute(
  { role: 'support', query: alertFilter.extend({ cursor: cursorParameter }) },
  ({ staff, request, query: { cursor, ...filter } }) =>
    listAlerts(staff, filter, cursor, request.headers.has(refreshHeader)),
);
