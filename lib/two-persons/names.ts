import { eq, type PlatformTransaction, type TenantId, type UserId } from '@/db';
import { tenants, users } from '@/db/schema';
import { found } from '@/lib/errors';

/** What somebody of the staff is called. */
export async function nameOfStaff(tx: PlatformTransaction, userId: UserId): Promise<string> {
  const [row] = await tx.select({ name: users.name }).from(users).where(eq(users.id, userId));
  return row?.name ?? 'somebody who is gone';
}

/** What a tenant is called. @throws PublicError `not_found` */
export async function nameOfTenant(tx: PlatformTransaction, tenantId: TenantId): Promise<string> {
  const [row] = await tx
    .select({ name: tenants.name })
    .from(tenants)
    .where(eq(tenants.id, tenantId));
  return found(row).name;
}
