import { eq, type IdentityTransaction, type UserId } from '@/db';
import { staff, staffAccessLogs, users } from '@/db/schema';
import { type AuditAction, recordAudit } from '@/lib/audit';
import { type ActFacts, actingAs, organisationsIn } from '@/lib/tenancy';

export type FactorAct = Extract<AuditAction, `factor.${string}`>;

/**
 * Put on record what became of a person's second factor, in the transaction in which it did: with
 * the staff's looks when they are staff, and in each organisation of theirs.
 * @param details such as who did it, when it was not themselves
 */
export async function recordFactor(
  tx: IdentityTransaction,
  userId: UserId,
  action: FactorAct,
  facts: ActFacts,
  details: Readonly<Record<string, string | number>> = {},
): Promise<void> {
  const [person] = await tx
    .select({ name: users.name, staffRole: staff.role })
    .from(users)
    .leftJoin(staff, eq(staff.userId, users.id))
    .where(eq(users.id, userId));
  if (!person) return;
  if (person.staffRole) {
    const filter = Object.keys(details).length > 0 ? { filter: details } : {};
    await tx
      .insert(staffAccessLogs)
      .values({ userId, action, requestId: facts.requestId, details: filter });
  }
  for (const { id } of await organisationsIn(tx, userId)) {
    await recordAudit(tx, actingAs(id, { userId, name: person.name }, facts), {
      action,
      target: { type: 'member', id: userId, name: person.name },
      details,
    });
  }
}
