import { tenantRoute } from '@/lib/access';
import { connectionParams, readConnection } from '@/lib/connections';

export const GET = tenantRoute(
  { permission: 'connections:read', params: connectionParams },
  ({ context, params }) => readConnection(context, params.id),
);
