import { tenantRoute } from '@/lib/access';
import { readRun, runParams } from '@/lib/automations';

export const GET = tenantRoute(
  { permission: 'runs:read', params: runParams },
  ({ context, params }) => readRun(context, params.id),
);
