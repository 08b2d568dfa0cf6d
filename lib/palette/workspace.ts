import {
  type AuditEventId,
  type AutomationId,
  and,
  asc,
  type ConnectionId,
  eq,
  ilike,
  isNull,
  notInArray,
  or,
  type ResourceId,
  type RunId,
  type TenantContext,
  tenantDb,
} from '@/db';
import { auditEvents, automations, connections, resources, runs } from '@/db/schema';
import { eventsFound } from '@/lib/audit';
import { browseResources } from '@/lib/connections';
import { nameOf } from '@/lib/connections/contract';
import { providerNames } from '@/lib/providers/contract';
import { can, type MemberContext } from '@/lib/tenancy';
import { type PaletteHit, type PaletteHits, shortestQuery } from './contract';

/** Hits of each kind. */
const most = 5;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Whether what is typed could be a request's id: their callers choose them. */
const looksLikeId = (q: string) => q.length >= 8 && /\d/.test(q) && !/\s/.test(q);

/** `%` and `_` are letters to the person who types them. */
const containing = (q: string) => `%${q.replace(/[\\%_]/g, '\\$&')}%`;

const automationHit = ({ id, name }: { id: string; name: string }): PaletteHit => ({
  kind: 'automation',
  id,
  label: name,
  hint: 'Automation',
  href: `/automations/${id}`,
});

const connectionHit = (row: Parameters<typeof nameOf>[0] & { id: string }): PaletteHit => ({
  kind: 'connection',
  id: row.id,
  label: nameOf(row),
  hint: providerNames[row.provider],
  href: `/connections/${row.id}`,
});

const resourceHit = ({ id, name, kind }: { id: string; name: string; kind: string }) =>
  ({ kind: 'resource', id, label: name, hint: kind, href: `/resources?resource=${id}` }) as const;

const runHit = ({ id, name, state }: { id: string; name: string; state: string }) =>
  ({ kind: 'run', id, label: `Run of ${name}`, hint: state, href: `/runs/${id}` }) as const;

const requestHit = (id: string): PaletteHit => ({
  kind: 'request',
  id,
  label: `Request ${id}`,
  hint: 'Audit',
  href: `/audit?request=${encodeURIComponent(id)}`,
});

const connectionColumns = {
  id: connections.id,
  provider: connections.provider,
  accountEmail: connections.accountEmail,
  organizationName: connections.organizationName,
};

async function automationsCalled(context: TenantContext, q: string) {
  const rows = await tenantDb(context)
    .select({ id: automations.id, name: automations.name })
    .from(automations)
    .where(
      and(
        eq(automations.tenantId, context.tenantId),
        isNull(automations.archivedAt),
        ilike(automations.name, containing(q)),
      ),
    )
    .orderBy(asc(automations.name))
    .limit(most);
  return rows.map(automationHit);
}

async function connectionsCalled(context: TenantContext, q: string) {
  const rows = await tenantDb(context)
    .select(connectionColumns)
    .from(connections)
    .where(
      and(
        eq(connections.tenantId, context.tenantId),
        notInArray(connections.state, ['pending', 'disconnected']),
        or(
          ilike(connections.accountEmail, containing(q)),
          ilike(connections.organizationName, containing(q)),
        ),
      ),
    )
    .orderBy(asc(connections.createdAt))
    .limit(most);
  return rows.map(connectionHit);
}

async function resourcesCalled(context: MemberContext, q: string): Promise<PaletteHit[]> {
  if (!can(context.role, 'resources:read')) return [];
  const { items } = await browseResources(context, { q, presence: 'present' });
  return items.slice(0, most).map(resourceHit);
}

async function requestCalled(context: MemberContext, q: string): Promise<PaletteHit[]> {
  if (!can(context.role, 'audit:read') || !looksLikeId(q)) return [];
  const [row] = await tenantDb(context)
    .select({ requestId: auditEvents.requestId })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.tenantId, context.tenantId),
        eventsFound((of) => [eq(of.tenantId, context.tenantId), eq(of.requestId, q)], { limit: 1 }),
      ),
    )
    .limit(1);
  return row ? [requestHit(row.requestId)] : [];
}

async function eventWithId(context: MemberContext, id: string): Promise<PaletteHit[]> {
  if (!can(context.role, 'audit:read')) return [];
  const [row] = await tenantDb(context)
    .select({ id: auditEvents.id, name: auditEvents.targetName })
    .from(auditEvents)
    .where(and(eq(auditEvents.tenantId, context.tenantId), eq(auditEvents.id, id as AuditEventId)));
  if (!row) return [];
  const label = `Event on ${row.name}`;
  return [{ kind: 'event', id, label, hint: 'Audit', href: `/audit?event=${id}` }];
}

/** Whatever of the tenant's has this id; another's has nothing here, as if it did not exist. */
async function withId(context: MemberContext, id: string): Promise<PaletteHit[]> {
  const { tenantId } = context;
  const db = tenantDb(context);
  const ofAutomation = and(
    eq(automations.tenantId, runs.tenantId),
    eq(automations.id, runs.automationId),
  );
  const [run, automation, connection, resource] = await Promise.all([
    db
      .select({ id: runs.id, state: runs.state, name: automations.name })
      .from(runs)
      .innerJoin(automations, ofAutomation)
      .where(and(eq(runs.tenantId, tenantId), eq(runs.id, id as RunId))),
    db
      .select({ id: automations.id, name: automations.name })
      .from(automations)
      .where(and(eq(automations.tenantId, tenantId), eq(automations.id, id as AutomationId))),
    db
      .select(connectionColumns)
      .from(connections)
      .where(and(eq(connections.tenantId, tenantId), eq(connections.id, id as ConnectionId))),
    can(context.role, 'resources:read')
      ? db
          .select({ id: resources.id, name: resources.name, kind: resources.kind })
          .from(resources)
          .where(and(eq(resources.tenantId, tenantId), eq(resources.id, id as ResourceId)))
      : [],
  ]);
  return [
    ...run.map(runHit),
    ...automation.map(automationHit),
    ...connection.map(connectionHit),
    ...resource.map(resourceHit),
    ...(await eventWithId(context, id)),
  ];
}

/**
 * What a workspace's palette leads to: the tenant's own automations, connections and resources by name,
 * and whatever of its own a pasted id belongs to. Only what the member may open.
 */
export async function searchWorkspace(context: MemberContext, typed: string): Promise<PaletteHits> {
  const q = typed.trim();
  if (q.length < shortestQuery) return { hits: [] };
  const asked = await Promise.all(
    uuid.test(q)
      ? [withId(context, q.toLowerCase())]
      : [automationsCalled(context, q), connectionsCalled(context, q), resourcesCalled(context, q)],
  );
  return { hits: [...asked.flat(), ...(await requestCalled(context, q))] };
}
