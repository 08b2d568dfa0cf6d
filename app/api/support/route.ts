import { tenantRoute } from '@/lib/access';
import { supportNow } from '@/lib/support';

export const GET = tenantRoute({ permission: 'overview:read' }, ({ context }) =>
  supportNow(context),
);
