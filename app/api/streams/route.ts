import { tenantRoute } from '@/lib/access';
import { listStreams } from '@/lib/streams';

export const GET = tenantRoute({ permission: 'streams:manage' }, ({ context }) =>
  listStreams(context),
);
