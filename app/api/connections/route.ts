import { tenantRoute } from '@/lib/access';
import { listConnections } from '@/lib/connections';

export const GET = tenantRoute({ permission: 'connections:read' }, ({ context }) =>
  listConnections(context),
);
