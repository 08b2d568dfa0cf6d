import { z } from 'zod';
import { tenantRoute } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { proofFile } from '@/lib/record';

export const GET = tenantRoute(
  { permission: 'audit:read', params: z.object({ event: idOf('event') }) },
  ({ context, params }) => proofFile(context, params.event),
);
