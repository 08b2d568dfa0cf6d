import {
  and,
  type ConnectionId,
  type DiscoveryId,
  desc,
  eq,
  inArray,
  type PlatformTransaction,
  type RunId,
  type TenantId,
} from '@/db';
import { automations, providerCalls, runs, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { denialConditions } from '@/lib/denials';
import { notFound } from '@/lib/errors';
import { auditRowsWhere, denialRowsWhere, eventsWithId, lookAsStaff } from '@/lib/platform';
import type { PlatformAuditRow } from '@/lib/platform/contract';
import type { PlatformCallRow, PlatformRequest } from './contract';
import { beginning, callsWhere, ofAutomation, runColumns, shownRun, toBeginning } from './rows';

interface Origin {
  readonly tenantId: TenantId;
  readonly runIds: readonly RunId[];
  /** Discoveries, with the connection that each goes through. */
  readonly discoveries: readonly {
    readonly id: DiscoveryId;
    readonly connectionId: ConnectionId;
  }[];
}

/** What the events of a request name that calls are made for, tenant by tenant. */
function originsOf(events: readonly PlatformAuditRow[]): readonly Origin[] {
  const tenantIds = [...new Set(events.map(({ tenantId }) => tenantId))];
  return tenantIds.map((tenantId) => {
    const own = events.filter((event) => event.tenantId === tenantId);
    const runIds = new Set(own.flatMap(({ runId }) => (runId ? [runId as RunId] : [])));
    const discoveries = new Map(
      own.flatMap(({ targetType, targetId, connectionId }) =>
        targetType === 'discovery' && connectionId
          ? [[targetId as DiscoveryId, connectionId as ConnectionId] as const]
          : [],
      ),
    );
    return {
      tenantId: tenantId as TenantId,
      runIds: [...runIds],
      discoveries: [...discoveries].map(([id, connectionId]) => ({ id, connectionId })),
    };
  });
}

async function runsOf(tx: PlatformTransaction, { tenantId, runIds }: Origin) {
  if (runIds.length === 0) return [];
  const rows = await tx
    .select(runColumns)
    .from(runs)
    .innerJoin(automations, ofAutomation)
    .innerJoin(tenants, eq(tenants.id, runs.tenantId))
    .where(and(eq(runs.tenantId, tenantId), inArray(runs.id, [...runIds])))
    .orderBy(desc(runs.createdAt), desc(runs.id))
    .limit(beginning + 1);
  return rows.map(shownRun);
}

async function callsOf(tx: PlatformTransaction, origin: Origin): Promise<PlatformCallRow[]> {
  const { tenantId, runIds, discoveries } = origin;
  const ofRuns = runIds.length
    ? await callsWhere(tx, tenantId, inArray(providerCalls.runId, [...runIds]))
    : [];
  const ids = discoveries.map(({ id }) => id);
  const ofDiscoveries = ids.length
    ? await callsWhere(tx, tenantId, inArray(providerCalls.discoveryId, ids))
    : [];
  return [...ofRuns, ...ofDiscoveries];
}

/**
 * All that is on record of one request, in whichever tenants: events, refusals, runs, and the calls to
 * providers that those made.
 * @throws PublicError `not_found` when no record carries this id
 */
export function openRequest(staff: StaffContext, requestId: string): Promise<PlatformRequest> {
  const look = { action: 'request.opened', filter: { request: requestId } } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const events = await auditRowsWhere(tx, eventsWithId({ request: requestId }));
    const refused = await denialRowsWhere(
      tx,
      and(...denialConditions({ request: requestId }, undefined, true)),
    );
    if (events.length === 0 && refused.length === 0) throw notFound();
    shows([...events, ...refused].map(({ tenantId }) => tenantId));
    const origins = originsOf(events);
    const begun = [];
    const calls = [];
    for (const origin of origins) {
      begun.push(...(await runsOf(tx, origin)));
      calls.push(...(await callsOf(tx, origin)));
    }
    calls.sort((a, b) => b.at.localeCompare(a.at));
    return {
      requestId,
      events: toBeginning(events),
      denials: toBeginning(refused),
      runs: toBeginning(begun),
      calls: toBeginning(calls),
    };
  });
}
