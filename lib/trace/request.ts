import {
  and,
  type DiscoveryId,
  desc,
  eq,
  inArray,
  type RunId,
  type SQL,
  type TenantContext,
  tenantDb,
} from '@/db';
import { auditEvents, automations, providerCalls, runs } from '@/db/schema';
import { eventsFound } from '@/lib/audit';
import { browseDenials } from '@/lib/denials';
import type { RequestTrace, TracedCall, TracedRun } from './contract';

/** Events that are looked through for runs and discoveries, and calls that are shown. */
const mostEvents = 200;
const shown = 50;

async function originsOf(context: TenantContext, requestId: string) {
  const rows = await tenantDb(context)
    .select({
      runId: auditEvents.runId,
      targetType: auditEvents.targetType,
      targetId: auditEvents.targetId,
    })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.tenantId, context.tenantId),
        eventsFound((of) => [eq(of.tenantId, context.tenantId), eq(of.requestId, requestId)], {
          limit: mostEvents,
        }),
      ),
    )
    .orderBy(desc(auditEvents.id))
    .limit(mostEvents);
  const runIds = new Set(rows.flatMap(({ runId }) => (runId ? [runId as RunId] : [])));
  const discoveries = new Set(
    rows.flatMap((row) => (row.targetType === 'discovery' ? [row.targetId as DiscoveryId] : [])),
  );
  return { runIds: [...runIds], discoveryIds: [...discoveries] };
}

async function runsWith(context: TenantContext, ids: readonly RunId[]): Promise<TracedRun[]> {
  if (ids.length === 0) return [];
  const rows = await tenantDb(context)
    .select({ id: runs.id, name: automations.name, state: runs.state, at: runs.createdAt })
    .from(runs)
    .innerJoin(
      automations,
      and(eq(automations.tenantId, runs.tenantId), eq(automations.id, runs.automationId)),
    )
    .where(and(eq(runs.tenantId, context.tenantId), inArray(runs.id, [...ids])))
    .orderBy(desc(runs.createdAt));
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

async function callsFor(context: TenantContext, of: SQL): Promise<TracedCall[]> {
  const rows = await tenantDb(context)
    .select({
      id: providerCalls.id,
      at: providerCalls.createdAt,
      connectionId: providerCalls.connectionId,
      runId: providerCalls.runId,
      stepId: providerCalls.runStepId,
      method: providerCalls.method,
      host: providerCalls.host,
      path: providerCalls.path,
      status: providerCalls.status,
      durationMs: providerCalls.durationMs,
    })
    .from(providerCalls)
    .where(and(eq(providerCalls.tenantId, context.tenantId), of))
    .orderBy(desc(providerCalls.createdAt))
    .limit(shown + 1);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/**
 * What a request led to in this tenant: the runs that its events belong to, the calls to providers that
 * those and its discoveries made, and what it was refused. Of an id that is unknown, or another
 * tenant's, nothing: one looks like the other.
 */
export async function traceRequest(
  context: TenantContext,
  requestId: string,
): Promise<RequestTrace> {
  const { runIds, discoveryIds } = await originsOf(context, requestId);
  const [began, ofRuns, ofDiscoveries, refused] = await Promise.all([
    runsWith(context, runIds),
    runIds.length > 0 ? callsFor(context, inArray(providerCalls.runId, runIds)) : [],
    discoveryIds.length > 0
      ? callsFor(context, inArray(providerCalls.discoveryId, discoveryIds))
      : [],
    browseDenials(context, { request: requestId }),
  ]);
  const calls = [...ofRuns, ...ofDiscoveries].sort((a, b) => b.at.localeCompare(a.at));
  return {
    requestId,
    runs: began,
    calls: calls.slice(0, shown),
    moreCalls: calls.length > shown,
    refusals: refused.items.length,
  };
}
