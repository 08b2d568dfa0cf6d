import { tenantRoute } from '@/lib/access';
import { listExports } from '@/lib/exports';

export const GET = tenantRoute({ permission: 'audit:export' }, ({ context }) =>
  listExports(context),
);
