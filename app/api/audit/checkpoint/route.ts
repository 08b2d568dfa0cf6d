import { tenantRoute } from '@/lib/access';
import { checkpointFile } from '@/lib/record';

export const GET = tenantRoute({ permission: 'audit:read' }, ({ context }) =>
  checkpointFile(context),
);
