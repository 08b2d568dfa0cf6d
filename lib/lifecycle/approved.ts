import {
  type ApprovalId,
  and,
  type DeletionId,
  eq,
  isNull,
  newId,
  type PlatformTransaction,
  sql,
  type TenantId,
  type UserId,
} from '@/db';
import { staff, tenantDeletions, tenants, users } from '@/db/schema';
import { found, PublicError } from '@/lib/errors';
import { graceUntil } from './grace';

/** What two of the staff agreed on; `Taken<'tenant.delete'>` of `lib/approvals` fits. */
export interface ApprovedDeletion {
  readonly id: ApprovalId;
  readonly tenantId: TenantId | null;
  readonly reason: string;
  readonly askedBy: UserId;
}

/**
 * Begin the deletion that staff asked for and a second person approved, in the transaction that took
 * the approval: its time of grace begins. The tenant's owners are told, and it goes on their record,
 * within the minute.
 * @returns what came of it, in words
 * @throws PublicError `not_found`; `conflict` when a deletion was asked for already
 */
export async function deleteAsApproved(
  tx: PlatformTransaction,
  { tenantId, reason, askedBy }: ApprovedDeletion,
): Promise<string> {
  const id = newId<DeletionId>();
  const [tenant] = await tx
    .select({ id: tenants.id, name: tenants.name })
    .from(tenants)
    .where(eq(tenants.id, found(tenantId ?? undefined)));
  const { id: about, name } = found(tenant);
  const [asker] = await tx
    .select({ name: users.name, email: users.email })
    .from(users)
    .innerJoin(staff, eq(staff.userId, users.id))
    .where(eq(users.id, askedBy));
  const { name: askedName, email } = found(asker);
  const [open] = await tx
    .select({ id: tenantDeletions.id })
    .from(tenantDeletions)
    .where(and(eq(tenantDeletions.tenantId, about), isNull(tenantDeletions.endedAt)));
  if (open) throw new PublicError('conflict', 'Its deletion was asked for already.');
  const until = graceUntil();
  await tx.execute(sql`
    insert into ${tenantDeletions}
      (tenant_id, id, origin, reason, tenant_name, asked_by, asked_name, asked_email, grace_until)
    values (${about}, ${id}, 'staff', ${reason}, ${name}, ${askedBy}, ${askedName}, ${email},
            ${until.toISOString()}::timestamptz)`);
  return `Its time of grace ends on ${until.toISOString().slice(0, 10)}.`;
}
