import { tenantRoute } from '@/lib/access';
import { readChanges, runParams } from '@/lib/automations';

export const GET = tenantRoute(
  { permission: 'runs:contents', params: runParams },
  ({ context, params }) => readChanges(context, params.id),
);
