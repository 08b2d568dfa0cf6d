import { tenantRoute } from '@/lib/access';
import { readStep, stepParams } from '@/lib/automations';

export const GET = tenantRoute(
  { permission: 'runs:contents', params: stepParams },
  ({ context, params }) => readStep(context, params.id, params.step),
);
