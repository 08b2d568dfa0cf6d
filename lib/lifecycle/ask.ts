import type { z } from 'zod';
import {
  and,
  type DeletionId,
  eq,
  type IdentityTransaction,
  isNull,
  isUniqueViolation,
  newId,
  sql,
  type TenantContext,
  tenantDb,
  withIdentity,
} from '@/db';
import { tenantDeletions } from '@/db/schema';
import { type AuditAction, recordAudit } from '@/lib/audit';
import { forbidden, PublicError } from '@/lib/errors';
import { proveFactor } from '@/lib/second-factor';
import type { ActingContext, MemberContext } from '@/lib/tenancy';
import type { askDeletionInput, PendingDeletion } from './contract';
import { graceUntil } from './grace';
import { wakeDeletions } from './wake';

const openOf = ({ tenantId }: TenantContext) =>
  and(eq(tenantDeletions.tenantId, tenantId), isNull(tenantDeletions.endedAt));

/** The deletion that was asked for and not undone; null when there is none. */
export async function pendingDeletion(context: TenantContext): Promise<PendingDeletion | null> {
  const [row] = await tenantDb(context)
    .select({
      id: tenantDeletions.id,
      origin: tenantDeletions.origin,
      askedName: tenantDeletions.askedName,
      askedAt: tenantDeletions.askedAt,
      graceUntil: tenantDeletions.graceUntil,
    })
    .from(tenantDeletions)
    .where(openOf(context));
  if (!row) return null;
  return {
    ...row,
    askedName: row.askedName ?? '',
    askedAt: row.askedAt.toISOString(),
    graceUntil: row.graceUntil.toISOString(),
  };
}

const target = (context: { readonly tenantId: string }, name: string) => ({
  type: 'tenant',
  id: context.tenantId,
  name,
});

/** Put on the organisation's record what becomes of its deletion. */
export function recordDeletion(
  tx: IdentityTransaction,
  context: ActingContext,
  action: Extract<AuditAction, `deletion.${string}`>,
  tenantName: string,
  details: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  return recordAudit(tx, context, { action, target: target(context, tenantName), details });
}

/** @throws PublicError `invalid_input` for another name than that of what is to be deleted */
export function requireName(typed: string, name: string): void {
  if (typed === name) return;
  const message = `Type ${name} to confirm.`;
  throw new PublicError('invalid_input', message, { fields: { typed: message } });
}

/**
 * Ask for the organisation to be deleted, when the time of grace is over. Owners are told by mail.
 * @throws PublicError `invalid_input` for another name; what `proveFactor` throws; `conflict` when it
 *   was asked for already
 */
export async function askDeletion(
  context: MemberContext,
  { typed, code }: z.output<typeof askDeletionInput>,
): Promise<void> {
  if (context.support) throw forbidden();
  requireName(typed, context.tenantName);
  await proveFactor(context.userId, code, context);
  const id = newId<DeletionId>();
  const until = graceUntil();
  const { tenantId, tenantName, userId, actor, email } = context;
  try {
    await withIdentity(async (tx) => {
      // Those columns alone: that it is under way cannot be written along with it.
      await tx.execute(sql`
        insert into ${tenantDeletions}
          (tenant_id, id, origin, tenant_name, asked_by, asked_name, asked_email, grace_until)
        values (${tenantId}, ${id}, 'owner', ${tenantName}, ${userId}, ${actor.name}, ${email},
                ${until.toISOString()}::timestamptz)`);
      await recordDeletion(tx, context, 'deletion.asked', tenantName, {
        deletionId: id,
        graceUntil: until.toISOString(),
      });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new PublicError('conflict', 'The deletion has been asked for already.');
  }
  await wakeDeletions();
}

/**
 * Undo a deletion in its time of grace: everything stays as it is.
 * @throws PublicError `conflict` when there is none, or its time is over
 */
export async function undoDeletion(context: MemberContext): Promise<void> {
  const { tenantId, tenantName, userId, actor } = context;
  await withIdentity(async (tx) => {
    const undone = await tx
      .update(tenantDeletions)
      .set({ endedAt: sql`now()`, endedBy: userId, endedName: actor.name })
      .where(and(openOf({ tenantId }), isNull(tenantDeletions.closedAt)))
      .returning({ id: tenantDeletions.id });
    const [one] = undone;
    if (!one) throw new PublicError('conflict', 'There is no deletion to undo.');
    await recordDeletion(tx, context, 'deletion.undone', tenantName, { deletionId: one.id });
  });
  await wakeDeletions();
}
