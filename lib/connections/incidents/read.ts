import { and, asc, eq, isNull, sql, type TenantContext, tenantDb } from '@/db';
import { automations, connections, connectionIncidents as incidents } from '@/db/schema';
import { nameOf } from '../contract';
import type { IncidentView } from './contract';

/** Incidents shown at once, and names of what waits for one of them. */
const mostIncidents = 20;
const mostNames = 3;

/** A tenant's incidents that are not over, oldest first, with what waits for each. */
export async function listIncidents({ tenantId }: TenantContext): Promise<readonly IncidentView[]> {
  const rows = await tenantDb({ tenantId })
    .select({
      connectionId: incidents.connectionId,
      provider: connections.provider,
      accountEmail: connections.accountEmail,
      organizationName: connections.organizationName,
      kind: incidents.kind,
      reason: incidents.reason,
      since: incidents.since,
      waiting: sql<string[]>`coalesce(array_agg(${automations.name} order by ${automations.name})
        filter (where ${automations.id} is not null), '{}')`,
    })
    .from(incidents)
    .innerJoin(
      connections,
      and(eq(connections.tenantId, incidents.tenantId), eq(connections.id, incidents.connectionId)),
    )
    .leftJoin(
      automations,
      and(
        eq(automations.tenantId, incidents.tenantId),
        eq(automations.connectionId, incidents.connectionId),
        eq(automations.enabled, true),
        isNull(automations.archivedAt),
      ),
    )
    .where(and(eq(incidents.tenantId, tenantId), isNull(incidents.endedAt)))
    .groupBy(incidents.tenantId, incidents.id, connections.tenantId, connections.id)
    .orderBy(asc(incidents.since))
    .limit(mostIncidents);
  return rows.map((row) => ({
    connectionId: row.connectionId,
    provider: row.provider,
    name: nameOf(row),
    kind: row.kind,
    reason: row.reason,
    since: row.since.toISOString(),
    waiting: row.waiting.slice(0, mostNames),
    waitingCount: row.waiting.length,
  }));
}
