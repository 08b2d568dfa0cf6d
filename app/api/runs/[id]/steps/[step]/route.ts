import { tenantRoute } from '@/lib/access';
import { readStep, stepParams } from '@/lib/automations';

export const GET = tenantRoute(
  { permission: 'runs:read', params: stepParams },
  ({ context, params }) => readStep(context, params.id, params.step),
);
