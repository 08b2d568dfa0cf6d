import { staffRoute } from '@/lib/access';
import { cursorParameter } from '@/lib/paging';
import { listTenants, tenantFilter } from '@/lib/platform';

export const GET = staffRoute(
  { role: 'support', query: tenantFilter.extend({ cursor: cursorParameter }) },
  ({ staff, query: { cursor, ...filter } }) => listTenants(staff, filter, cursor),
);
