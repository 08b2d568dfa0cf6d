import {
  and,
  asc,
  count,
  eq,
  inArray,
  isNotNull,
  isNull,
  or,
  sql,
  type TenantTransaction,
  withTenant,
} from '@/db';
import {
  automations,
  connections,
  connectionIncidents as incidents,
  memberships,
  users,
} from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { queueMail } from '@/lib/mail';
import type { ActingContext } from '@/lib/tenancy';
import { nameOf } from '../contract';
import { mailOf, type ToldIncident } from './mail';

interface Told {
  /** Incidents that people were told of, and of whose end. */
  readonly broken: number;
  readonly recovered: number;
}

/** Incidents that somebody has to be told of, or of whose end; locked, so that one process tells. */
function untold(tx: TenantTransaction, { tenantId }: ActingContext) {
  return tx
    .select({
      id: incidents.id,
      kind: incidents.kind,
      reason: incidents.reason,
      since: incidents.since,
      toldAt: incidents.toldAt,
      endedAt: incidents.endedAt,
      outcome: incidents.outcome,
      connectionId: connections.id,
      state: connections.state,
      provider: connections.provider,
      accountEmail: connections.accountEmail,
      organizationName: connections.organizationName,
    })
    .from(incidents)
    .innerJoin(
      connections,
      and(eq(connections.tenantId, incidents.tenantId), eq(connections.id, incidents.connectionId)),
    )
    .where(
      and(
        eq(incidents.tenantId, tenantId),
        or(
          isNull(incidents.toldAt),
          and(
            isNotNull(incidents.endedAt),
            eq(incidents.outcome, 'recovered'),
            isNull(incidents.recoveryToldAt),
          ),
        ),
      ),
    )
    .orderBy(asc(incidents.since))
    .for('update', { of: incidents });
}

type Untold = Awaited<ReturnType<typeof untold>>[number];

/** How many automations that are switched on use each of these connections. */
async function waitingFor(
  tx: TenantTransaction,
  { tenantId }: ActingContext,
  rows: readonly Untold[],
): Promise<ReadonlyMap<string, number>> {
  if (rows.length === 0) return new Map();
  const counted = await tx
    .select({ id: automations.connectionId, n: count() })
    .from(automations)
    .where(
      and(
        eq(automations.tenantId, tenantId),
        inArray(
          automations.connectionId,
          rows.map(({ connectionId }) => connectionId),
        ),
        eq(automations.enabled, true),
        isNull(automations.archivedAt),
      ),
    )
    .groupBy(automations.connectionId);
  return new Map(counted.map(({ id, n }) => [id, n]));
}

/** Mail addresses of those who look after connections. */
async function keepers(tx: TenantTransaction, { tenantId }: ActingContext): Promise<string[]> {
  const rows = await tx
    .select({ email: users.email })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.tenantId, tenantId), inArray(memberships.role, ['owner', 'admin'])))
    .orderBy(asc(users.email));
  return rows.map(({ email }) => email);
}

/**
 * Tell a tenant's owners and admins, in one mail each, what has broken and what works again since they
 * were last told. Each incident is told once, and its end once; one that was over before anybody had
 * heard of it is not told at all, nor the end of one after which the connection broke anew. What is told, the mails and the audit events are one transaction.
 */
export function tellIncidents(context: ActingContext): Promise<Told> {
  return withTenant(context, async (tx) => {
    const rows = await untold(tx, context);
    if (rows.length === 0) return { broken: 0, recovered: 0 };
    const waiting = await waitingFor(tx, context, rows);
    const shown = (row: Untold): ToldIncident => ({
      ...row,
      name: nameOf(row),
      waiting: waiting.get(row.connectionId) ?? 0,
    });
    const broken = rows.filter(({ endedAt, toldAt }) => !endedAt && !toldAt);
    const brokenAnew = new Set(broken.map(({ connectionId }) => connectionId));
    const recovered = rows.filter(
      ({ toldAt, outcome, connectionId, state }) =>
        toldAt &&
        outcome === 'recovered' &&
        state !== 'disconnected' &&
        !brokenAnew.has(connectionId),
    );
    const mail = mailOf(broken.map(shown), recovered.map(shown));
    if (mail) {
      for (const to of await keepers(tx, context)) await queueMail(tx, context, { to, ...mail });
    }
    await mark(tx, context, rows);
    for (const row of broken) await audit(tx, context, row, 'connection.incident_told');
    for (const row of recovered) await audit(tx, context, row, 'connection.recovery_told');
    return { broken: broken.length, recovered: recovered.length };
  });
}

async function mark(
  tx: TenantTransaction,
  { tenantId }: ActingContext,
  rows: readonly Untold[],
): Promise<void> {
  const now = sql`now()`;
  await tx
    .update(incidents)
    .set({
      toldAt: sql`coalesce(${incidents.toldAt}, ${now})`,
      recoveryToldAt: sql`case when ${incidents.endedAt} is not null then ${now} end`,
    })
    .where(
      and(
        eq(incidents.tenantId, tenantId),
        inArray(
          incidents.id,
          rows.map(({ id }) => id),
        ),
      ),
    );
}

function audit(
  tx: TenantTransaction,
  context: ActingContext,
  row: Untold,
  action: 'connection.incident_told' | 'connection.recovery_told',
) {
  return recordAudit(tx, context, {
    action,
    target: { type: 'connection', id: row.connectionId, name: nameOf(row) },
    connectionId: row.connectionId,
    details: { incident: row.id, kind: row.kind, since: row.since.toISOString() },
  });
}
