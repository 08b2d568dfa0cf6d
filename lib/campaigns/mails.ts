import {
  and,
  type DueReconsent,
  dueReconsents,
  eq,
  inArray,
  isNull,
  type ReconsentRequestId,
  sql,
  type TenantTransaction,
  tenantDb,
  withIdentity,
  withTenant,
} from '@/db';
import {
  connections,
  consentLinks,
  memberships,
  reconsentRequests,
  staff,
  tenants,
  users,
} from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { createConsentLink, nameOf } from '@/lib/connections';
import { queueMail } from '@/lib/mail';
import { logger } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { hasGiven } from './audience';
import { letter } from './letter';

/** Requests looked up at a time. */
const batch = 200;
/** Batches of one tick; what is left waits for the next minute. */
const batches = 10;
/** Minutes until a request that went wrong is tried again. */
const againAfter = 10;

type Connection = typeof connections.$inferSelect;
type Request = typeof reconsentRequests.$inferSelect;

const own = ({ tenantId, requestId }: DueReconsent) =>
  and(eq(reconsentRequests.tenantId, tenantId), eq(reconsentRequests.id, requestId));

interface Due {
  readonly request: Request;
  readonly connection: Connection;
  readonly given: boolean;
  readonly suspended: boolean;
}

/** Lock a request that is still due; null when somebody else was faster. */
async function take(tx: TenantTransaction, due: DueReconsent): Promise<Due | null> {
  const [request] = await tx
    .select()
    .from(reconsentRequests)
    .where(and(own(due), sql`${reconsentRequests.nextMailAt} <= now()`))
    .for('update');
  if (!request) return null;
  const [row] = await tx
    .select({ connection: connections, tenantState: tenants.state, given: hasGiven })
    .from(connections)
    .innerJoin(tenants, eq(tenants.id, connections.tenantId))
    .innerJoin(
      reconsentRequests,
      and(
        eq(reconsentRequests.tenantId, connections.tenantId),
        eq(reconsentRequests.connectionId, connections.id),
        eq(reconsentRequests.id, request.id),
      ),
    )
    .where(and(eq(connections.tenantId, due.tenantId), eq(connections.id, request.connectionId)))
    // Whoever ends it now waits, and withdraws the link that is being made.
    .for('update', { of: connections });
  if (!row) return null;
  const { connection, given, tenantState } = row;
  return { request, connection, given, suspended: tenantState !== 'active' };
}

/** The owners and admins of the tenant: they may give consent. */
function readers(tx: TenantTransaction, { tenantId }: ActingContext) {
  return tx
    .select({ email: users.email, role: memberships.role })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.tenantId, tenantId), inArray(memberships.role, ['owner', 'admin'])))
    .orderBy(sql`array_position(array['owner', 'admin'], ${memberships.role})`, users.email);
}

/** When the next mail is due: none after the deadline. */
function nextMail({ remindEveryDays, deadline }: Request): Date | null {
  const next = new Date(Date.now() + remindEveryDays * 86_400_000);
  return next < deadline ? next : null;
}

/**
 * Tell a tenant's owners and admins what they are asked, or leave it when there is nothing to ask any
 * more: the connection works as wished, was ended, or staff has stopped asking.
 * @returns how many mails were queued
 */
export async function tellTenant(due: DueReconsent): Promise<number> {
  const byStaff = await isByStaff(due);
  return withTenant({ tenantId: due.tenantId }, async (tx) => {
    const taken = await take(tx, due);
    if (!taken) return 0;
    const { request, connection, given, suspended } = taken;
    const context = actingFor(due, request);
    if (request.stoppedAt) await withdrawLinks(tx, request);
    const rest = given || connection.state === 'disconnected' || request.stoppedAt !== null;
    const over = rest || suspended || request.deadline <= new Date();
    const people = over ? [] : await readers(tx, context);
    const [first] = people;
    await tx
      .update(reconsentRequests)
      .set(
        first
          ? { nextMailAt: nextMail(request), mails: request.mails + 1, lastMailAt: new Date() }
          : { nextMailAt: null },
      )
      .where(own(due));
    if (!first) return 0;
    const url = byStaff ? await linkFor(tx, context, taken, first.email) : null;
    for (const { email } of people)
      await queueMail(tx, context, { to: email, ...letter(taken, url) });
    await recordAudit(tx, context, {
      action: 'connection.reconsent_asked',
      target: { type: 'connection', id: connection.id, name: nameOf(connection) },
      connectionId: connection.id,
      details: { campaign: request.campaignId, scopes: request.scopes, mail: request.mails + 1 },
    });
    return people.length;
  });
}

/**
 * Whether who asks is staff still. A link is worth what its maker may do now: of somebody who left it
 * would open nothing, so that the mail goes without one.
 */
async function isByStaff(due: DueReconsent): Promise<boolean> {
  const [request] = await tenantDb(due)
    .select({ requestedBy: reconsentRequests.requestedBy })
    .from(reconsentRequests)
    .where(own(due));
  if (!request) return false;
  const [row] = await withIdentity((tx) =>
    tx.select({ id: staff.userId }).from(staff).where(eq(staff.userId, request.requestedBy)),
  );
  return row !== undefined;
}

async function linkFor(
  tx: TenantTransaction,
  context: ActingContext,
  { connection, request }: Due,
  forEmail: string,
): Promise<string> {
  const { scopes, message, campaignId, deadline: expiresAt } = request;
  const asked = { connectionId: connection.id, purpose: 'reconsent', forEmail } as const;
  const link = await createConsentLink(tx, context, {
    ...asked,
    ...{ scopes, message, campaignId, expiresAt },
  });
  return link.url;
}

/** Links that went out lead nowhere once staff asks no longer. */
function withdrawLinks(tx: TenantTransaction, request: Request) {
  return tx
    .update(consentLinks)
    .set({ revokedAt: new Date() })
    .where(
      and(
        eq(consentLinks.tenantId, request.tenantId),
        eq(consentLinks.campaignId, request.campaignId),
        eq(consentLinks.connectionId, request.connectionId),
        isNull(consentLinks.usedAt),
        isNull(consentLinks.revokedAt),
      ),
    );
}

/** Staff asks; the mail is a deed of theirs on the tenant's own record. */
function actingFor({ tenantId, requestId }: DueReconsent, request: Request): ActingContext {
  return {
    tenantId,
    actor: { type: 'staff', id: request.requestedBy, name: request.requestedName },
    requestId: `campaign-${requestId satisfies ReconsentRequestId}`,
  };
}

/** What went wrong is tried again later, and keeps nobody else's mail back. */
async function postpone(due: DueReconsent): Promise<void> {
  await withTenant({ tenantId: due.tenantId }, (tx) =>
    tx
      .update(reconsentRequests)
      .set({ nextMailAt: sql`now() + make_interval(mins => ${againAfter})` })
      .where(own(due)),
  );
}

/**
 * Send what is due over all tenants, each in its own transaction.
 * @returns how many mails were queued
 */
export async function sendDue(): Promise<number> {
  let mails = 0;
  for (let round = 0; round < batches; round += 1) {
    const due = await dueReconsents(batch);
    for (const one of due) {
      try {
        mails += await tellTenant(one);
      } catch (error) {
        const { tenantId, requestId } = one;
        logger.error(
          { err: error, tenant_id: tenantId, reconsent_request_id: requestId },
          'a mail of a campaign could not be queued',
        );
        await postpone(one);
      }
    }
    if (due.length < batch) break;
  }
  return mails;
}
