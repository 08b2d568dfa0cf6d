import { and, asc, type deletions, desc, eq, sql, type TenantTransaction, withTenant } from '@/db';
import { auditEvents, memberships, users } from '@/db/schema';
import { type AuditAction, recordAudit } from '@/lib/audit';
import { env } from '@/lib/env';
import { queueMail } from '@/lib/mail';
import type { ActingContext } from '@/lib/tenancy';
import { dayWords } from './grace';

type Notice = 'told' | 'reminded' | 'ended';
type Deletion = deletions.DeletionRow;

const actions: Readonly<Record<Notice, AuditAction>> = {
  told: 'deletion.told',
  reminded: 'deletion.reminded',
  ended: 'deletion.end_told',
};

function letter(notice: Notice, { tenantName, askedName, graceUntil, ...deletion }: Deletion) {
  const who = deletion.origin === 'owner' ? askedName : `${askedName} of Tenantry support`;
  const undo = `${env.APP_URL}/settings/deletion`;
  if (notice === 'ended') {
    return {
      subject: `${tenantName} is not deleted`,
      text: `${deletion.endedName} has ended the deletion of ${tenantName}. Everything stays as it is.`,
    };
  }
  const when = dayWords(graceUntil);
  return {
    subject:
      notice === 'told'
        ? `${tenantName} is to be deleted on ${when}`
        : `Reminder: ${tenantName} is deleted on ${when}`,
    text: [
      `${who} has asked for ${tenantName} to be deleted.`,
      `On ${when} everybody loses access, our access at the providers is given back, and everything that ${tenantName} has here is erased: automations, runs, reports, resources, members and the record.`,
      `Until then any owner can undo it: ${undo}`,
      'If you want a copy of your data, make an export before that day.',
    ].join('\n\n'),
  };
}

const owners = (tx: TenantTransaction, { tenantId }: ActingContext) =>
  tx
    .select({ email: users.email })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.tenantId, tenantId), eq(memberships.role, 'owner')))
    .orderBy(asc(users.email));

/** Whether this was done before a process ended that could not say so. */
async function onRecord(
  tx: TenantTransaction,
  { tenantId }: ActingContext,
  action: AuditAction,
  { id }: Deletion,
): Promise<boolean> {
  const [row] = await tx
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.tenantId, tenantId),
        eq(auditEvents.action, action),
        sql`${auditEvents.details} ->> 'deletionId' = ${id}`,
      ),
    )
    .orderBy(desc(auditEvents.createdAt))
    .limit(1);
  return row !== undefined;
}

/**
 * What staff did at the console comes on the tenant's own record here, under their name; what an owner
 * did stands there already.
 */
async function recordStaff(
  tx: TenantTransaction,
  context: ActingContext,
  notice: Notice,
  deletion: Deletion,
): Promise<void> {
  const { id, tenantName, graceUntil, origin } = deletion;
  const [action, staff, name] =
    notice === 'told'
      ? (['deletion.asked', deletion.askedBy, deletion.askedName] as const)
      : (['deletion.stopped', deletion.endedBy, deletion.endedName] as const);
  const theirs =
    notice === 'told'
      ? origin === 'staff'
      : notice === 'ended' && !(await onRecord(tx, context, 'deletion.undone', deletion));
  if (!theirs) return;
  const acting = {
    ...context,
    actor: { type: 'staff', id: staff, name: name ?? 'Staff' },
  } as const;
  await recordAudit(tx, acting, {
    action,
    target: { type: 'tenant', id: context.tenantId, name: tenantName ?? '' },
    details: { deletionId: id, graceUntil: graceUntil.toISOString(), reason: deletion.reason },
  });
}

/**
 * Tell the owners of a tenant by mail, once, however often it is tried: the mails go out if and only
 * if it stands on the tenant's record that they were told.
 */
export async function tellOwners(
  context: ActingContext,
  notice: Notice,
  deletion: Deletion,
): Promise<void> {
  const action = actions[notice];
  await withTenant(context, async (tx) => {
    if (await onRecord(tx, context, action, deletion)) return;
    const people = await owners(tx, context);
    for (const { email } of people) {
      await queueMail(tx, context, { to: email, ...letter(notice, deletion) });
    }
    await recordStaff(tx, context, notice, deletion);
    await recordAudit(tx, context, {
      action,
      target: { type: 'tenant', id: context.tenantId, name: deletion.tenantName ?? '' },
      details: {
        deletionId: deletion.id,
        owners: people.length,
        origin: deletion.origin,
        graceUntil: deletion.graceUntil.toISOString(),
        ...(notice === 'ended' ? { endedBy: deletion.endedName } : {}),
      },
    });
  });
}
