import { tenantRoute } from '@/lib/access';
import { readChanges, runParams } from '@/lib/automations';

export const GET = tenantRoute(
  { permission: 'runs:read', params: runParams },
  ({ context, params }) => readChanges(context, params.id),
);
