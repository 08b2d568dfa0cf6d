import { and, eq, isNull, type TenantId, type UserId, withTenant } from '@/db';
import { tenantSuspensions } from '@/db/schema';
import { organisationsOf } from '@/lib/tenancy';
import type { HeldOrganisation } from './contract';

function noticeOf(tenantId: TenantId) {
  return withTenant({ tenantId }, async (tx) => {
    const [row] = await tx
      .select({ notice: tenantSuspensions.notice, since: tenantSuspensions.createdAt })
      .from(tenantSuspensions)
      .where(and(eq(tenantSuspensions.tenantId, tenantId), isNull(tenantSuspensions.resumedAt)));
    return row;
  });
}

/** The organisations of a person's that are held, with what their people are told. */
export async function heldOrganisationsOf(userId: UserId): Promise<readonly HeldOrganisation[]> {
  const held: HeldOrganisation[] = [];
  for (const { id, name, state } of await organisationsOf(userId)) {
    if (state === 'active') continue;
    const told = state === 'suspended' ? await noticeOf(id as TenantId) : undefined;
    const [notice, since] = [told?.notice ?? null, told?.since.toISOString() ?? null];
    held.push({ name, state, notice, since });
  }
  return held;
}
