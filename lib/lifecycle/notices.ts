import {
  and,
  asc,
  type DeletionId,
  deletions,
  desc,
  eq,
  type MailId,
  sql,
  type TenantTransaction,
  type UserId,
  withTenant,
} from '@/db';
import { auditEvents, memberships, tenants, users } from '@/db/schema';
import { type AuditAction, eventsFound, recordAudit } from '@/lib/audit';
import { env } from '@/lib/env';
import { handOver, sameMail } from '@/lib/mail';
import { logger } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { dayWords } from './grace';

const notices = ['told', 'reminded', 'ended'] as const;
type Notice = (typeof notices)[number];
type Deletion = deletions.DeletionRow;

const actions: Readonly<Record<Notice, AuditAction>> = {
  told: 'deletion.told',
  reminded: 'deletion.reminded',
  ended: 'deletion.end_told',
};

/** What its owners can do until the day: nobody gets into an organisation that is suspended. */
function wayOut(tenantName: string | null, suspended: boolean): readonly string[] {
  if (!suspended) {
    return [
      `Until then any owner can undo it: ${env.APP_URL}/settings/deletion`,
      'If you want a copy of your data, make an export before that day.',
    ];
  }
  const address = env.SUPPORT_EMAIL;
  return [
    `${tenantName} is suspended, so that nobody can sign in to undo it. ${address ? `Write to ${address}` : 'Answer this mail'} before that day if it is not to be deleted, or if you want a copy of your data first.`,
  ];
}

function letter(
  notice: Notice,
  { tenantName, askedName, graceUntil, ...deletion }: Deletion,
  suspended: boolean,
) {
  const who = deletion.origin === 'owner' ? askedName : `${askedName} of Tenantry support`;
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
      ...(deletion.origin === 'staff' && deletion.reason ? [`The reason: ${deletion.reason}`] : []),
      `On ${when} everybody loses access, our access at the providers is given back, and everything that ${tenantName} has here is erased: automations, runs, reports, resources, members and the record.`,
      ...wayOut(tenantName, suspended),
    ].join('\n\n'),
  };
}

interface Readers {
  readonly people: readonly { readonly id: UserId; readonly email: string }[];
  readonly suspended: boolean;
}

/** The owners, and whether their organisation is suspended. */
async function owners(tx: TenantTransaction, { tenantId }: ActingContext): Promise<Readers> {
  const people = await tx
    .select({ id: users.id, email: users.email })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.tenantId, tenantId), eq(memberships.role, 'owner')))
    .orderBy(asc(users.email));
  const [tenant] = await tx
    .select({ state: tenants.state })
    .from(tenants)
    .where(eq(tenants.id, tenantId));
  return { people, suspended: tenant?.state === 'suspended' };
}

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
        eventsFound((of) => [eq(of.tenantId, tenantId), eq(of.action, action)]),
        sql`${auditEvents.details} ->> 'deletionId' = ${id}`,
      ),
    )
    .orderBy(desc(auditEvents.createdAt))
    .limit(1);
  return row !== undefined;
}

/**
 * What staff did at the console comes on the tenant's own record under their name, before anybody is
 * written to; what an owner did stands there already, and that staff stopped it, unless a process of
 * an earlier version did.
 */
async function recordStaff(
  tx: TenantTransaction,
  context: ActingContext,
  notice: Notice,
  deletion: Deletion,
): Promise<void> {
  const { id, tenantName, graceUntil, origin } = deletion;
  if (notice === 'reminded' || (notice === 'told' && origin !== 'staff')) return;
  const [action, staff, name] =
    notice === 'told'
      ? (['deletion.asked', deletion.askedBy, deletion.askedName] as const)
      : (['deletion.stopped', deletion.endedBy, deletion.endedName] as const);
  if (await onRecord(tx, context, action, deletion)) return;
  if (notice === 'ended' && (await onRecord(tx, context, 'deletion.undone', deletion))) return;
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

/** The ids of all mails about a deletion that its readers may have got. */
export const noticeMails = (deletion: DeletionId, readers: readonly UserId[]): readonly MailId[] =>
  readers.flatMap((reader) => notices.map((notice) => sameMail(deletion, notice, reader)));

/** Attempts after which an owner whose mail is refused holds nothing up any more. */
const mostAttempts = 6;

/**
 * Write to each of them. Not by the tenant's own mails: those wait while it is suspended, and are
 * sealed with a key that it may have no more.
 * @returns how many got it
 * @throws what the transport throws, while it is worth to try again
 */
async function write(
  { people, suspended }: Readers,
  notice: Notice,
  deletion: Deletion,
): Promise<number> {
  let refused: unknown;
  let reached = 0;
  for (const { id, email } of people) {
    try {
      await handOver({
        id: sameMail(deletion.id, notice, id),
        to: email,
        ...letter(notice, deletion, suspended),
      });
      reached += 1;
    } catch (error) {
      refused = error;
      logger.warn({ err: error, deletion_id: deletion.id }, 'A notice of a deletion was refused');
    }
  }
  if (refused === undefined) return reached;
  // Told to nobody, it is tried for as long as there is time.
  const late = reached > 0 || deletion.graceUntil.getTime() <= Date.now();
  if (late && deletion.attempts + 1 >= mostAttempts) return reached;
  throw refused;
}

/**
 * Whether owners are to be told: of an end they are, if any of them may have been told of the beginning.
 * An attempt is noted before the first mail of it goes.
 */
async function concerns(
  tx: TenantTransaction,
  context: ActingContext,
  notice: Notice,
  deletion: Deletion,
): Promise<boolean> {
  if (notice !== 'ended' || deletion.toldAt || deletion.attempts > 0) return true;
  return onRecord(tx, context, actions.told, deletion);
}

/**
 * Tell the owners of a tenant by mail; on its record once, however often it is tried. A process that
 * ends in between writes the same mails again, with the same ids.
 */
export async function tellOwners(
  context: ActingContext,
  notice: Notice,
  deletion: Deletion,
): Promise<void> {
  const action = actions[notice];
  const readers = await withTenant(context, async (tx) => {
    if (await onRecord(tx, context, action, deletion)) return null;
    await recordStaff(tx, context, notice, deletion);
    return (await concerns(tx, context, notice, deletion)) ? owners(tx, context) : null;
  });
  if (readers === null) return;
  if (notice === 'told') {
    // Whatever becomes of this process: who got a mail of it hears of the end as well.
    const attempts = deletion.attempts + 1;
    await deletions.noteDeletion(deletion.id, 'grace', { attempts });
  }
  const reached = await write(readers, notice, deletion);
  const notReached = readers.people.length - reached;
  await withTenant(context, async (tx) => {
    if (await onRecord(tx, context, action, deletion)) return;
    await recordAudit(tx, context, {
      action,
      target: { type: 'tenant', id: context.tenantId, name: deletion.tenantName ?? '' },
      details: {
        deletionId: deletion.id,
        owners: reached,
        ...(notReached > 0 ? { notReached } : {}),
        origin: deletion.origin,
        graceUntil: deletion.graceUntil.toISOString(),
        ...(notice === 'ended' ? { endedBy: deletion.endedName } : {}),
      },
    });
  });
}
