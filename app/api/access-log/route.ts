import { tenantRoute } from '@/lib/access';
import { browseDenials, denialFilter } from '@/lib/denials';
import { cursorParameter } from '@/lib/paging';

export const GET = tenantRoute(
  { permission: 'access:read', query: denialFilter.extend({ cursor: cursorParameter }) },
  ({ context, query: { cursor, ...filter } }) => browseDenials(context, filter, cursor),
);
