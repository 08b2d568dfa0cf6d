import type { TenantId } from '@/db';
import type { StaffContext } from '@/lib/access';
import type { ActingContext } from '@/lib/tenancy';

/** Staff acting in a tenant, under their own name on its record. */
export const actingStaff = (
  { userId, name, requestId }: Pick<StaffContext, 'userId' | 'name' | 'requestId'>,
  tenantId: TenantId,
): ActingContext => ({ tenantId, actor: { type: 'staff', id: userId, name }, requestId });

/** How a session is called on the record. */
export const sessionTarget = (id: string, staffName: string) => ({
  type: 'support_session',
  id,
  name: `Support by ${staffName}`,
});

/** How a request is called on the record. */
export const requestTarget = (id: string, staffName: string) => ({
  type: 'support_request',
  id,
  name: `Support by ${staffName}`,
});
