import { tenantRoute } from '@/lib/access';
import { paletteQuery, searchWorkspace } from '@/lib/palette';

export const GET = tenantRoute(
  { permission: 'overview:read', query: paletteQuery },
  ({ context, query }) => searchWorkspace(context, query.q),
);
