import { tenantRoute } from '@/lib/access';
import { browseResources, resourceFilter } from '@/lib/connections';
import { cursorParameter } from '@/lib/paging';

export const GET = tenantRoute(
  { permission: 'resources:read', query: resourceFilter.extend({ cursor: cursorParameter }) },
  ({ context, query: { cursor, ...filter } }) => browseResources(context, filter, cursor),
);
