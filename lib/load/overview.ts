import { engine, inArray, type PlatformTransaction, sql, type TenantId } from '@/db';
import { loadQueues, loadSamples, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { engineStatus } from '@/lib/jobs';
import { lookAsStaff } from '@/lib/platform';
import {
  type ConsoleOverview,
  defaultWindow,
  type LoadFilter,
  type LoadPoint,
  type LoadWindow,
  loadWindows,
  type TenantQueue,
} from './contract';
import { readNeeds } from './needs';

/** Minutes that one point stands for: about a hundred to a window. */
const pointMinutes: Readonly<Record<LoadWindow, number>> = { '3h': 2, '24h': 15, '7d': 120 };
/** Tenants beneath one another. */
const shownTenants = 10;

/** The points of a window, from its first whole one to the running one. */
function startsOf(window: LoadWindow, now: Date): readonly number[] {
  const size = pointMinutes[window] * 60_000;
  const last = Math.floor(now.getTime() / size) * size;
  const count = (loadWindows[window] * 60) / pointMinutes[window];
  return Array.from({ length: count }, (_, at) => last - (count - 1 - at) * size);
}

interface SampleRow extends Record<string, unknown> {
  readonly place: number;
  readonly requests: number;
  readonly failed: number;
  readonly ms: number;
  readonly minutes: number;
  readonly waiting: number | null;
  readonly oldest: number | null;
}

const placeOf = (window: LoadWindow, from: number) => sql`
  floor((extract(epoch from minute) - ${from / 1_000}) / ${pointMinutes[window] * 60})::int`;

async function pointsOf(
  tx: PlatformTransaction,
  window: LoadWindow,
  starts: readonly number[],
): Promise<readonly LoadPoint[]> {
  const from = starts[0] ?? 0;
  const { rows } = await tx.execute<SampleRow>(sql`
    select ${placeOf(window, from)} as place, sum(requests)::float8 as requests,
           sum(failed)::float8 as failed, sum(request_ms)::float8 as ms, count(*)::int as minutes,
           max(waiting) as waiting, max(oldest_wait_ms)::float8 as oldest
      from ${loadSamples} where minute >= ${new Date(from).toISOString()}
     group by 1`);
  const known = new Map(rows.map((row) => [row.place, row]));
  return starts.map((start, place) => {
    const at = new Date(start).toISOString();
    const row = known.get(place);
    if (!row) {
      const none = { requests: null, errorPercent: null, answerMs: null };
      return { at, ...none, waiting: null, oldestWaitMs: null };
    }
    const { requests, failed, ms, minutes, waiting, oldest } = row;
    return {
      at,
      requests: Math.round((requests / minutes) * 10) / 10,
      errorPercent: requests > 0 ? (failed / requests) * 100 : 0,
      answerMs: requests > 0 ? Math.round(ms / requests) : null,
      waiting,
      oldestWaitMs: oldest,
    };
  });
}

interface QueueRow extends Record<string, unknown> {
  readonly tenantId: TenantId;
  readonly place: number;
  readonly waiting: number;
}

/** Minutes at the window's end that are looked at one by one. */
const lastMinutes = 3;

/**
 * What waited of those whose work waited longest: as it was at the first minute of each point, and in
 * the last ones, so that a window of a week reads no more rows than one of hours.
 */
function queueHistory(tx: PlatformTransaction, window: LoadWindow, starts: readonly number[]) {
  const minute = Math.floor(Date.now() / 60_000);
  const latest = Array.from({ length: lastMinutes }, (_, back) => (minute - back) * 60_000);
  const looked = [...new Set([...starts, ...latest])].map((at) => new Date(at).toISOString());
  return tx.execute<QueueRow>(sql`
    with points as materialized (
      select tenant_id, ${placeOf(window, starts[0] ?? 0)} as place, max(waiting)::int as waiting,
             max(oldest_wait_ms) as oldest
        from ${loadQueues} where minute = any(${`{${looked.join(',')}}`}::timestamptz[]) group by 1, 2
    ), worst as (
      select tenant_id from points group by 1 order by max(oldest) desc limit ${shownTenants}
    )
    select tenant_id as "tenantId", place, waiting
      from points where tenant_id in (select tenant_id from worst)`);
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function queuesOf(
  tx: PlatformTransaction,
  window: LoadWindow,
  starts: readonly number[],
): Promise<readonly TenantQueue[]> {
  const work = await engine.countWork(engine.engineStore(), shownTenants);
  const now = work.flatMap(({ tenant, waiting, oldestWaitMs }) =>
    tenant !== null && uuid.test(tenant) && waiting > 0
      ? [{ tenantId: tenant as TenantId, waiting, oldestWaitMs }]
      : [],
  );
  const { rows } = await queueHistory(tx, window, starts);
  const ids = [...new Set([...now, ...rows].map(({ tenantId }) => tenantId))];
  if (ids.length === 0) return [];
  const names = await tx
    .select({ id: tenants.id, name: tenants.name })
    .from(tenants)
    .where(inArray(tenants.id, ids));
  const queues = ids.map((tenantId) => {
    const history = starts.map(() => 0);
    for (const row of rows) {
      if (row.tenantId === tenantId && row.place in history) history[row.place] = row.waiting;
    }
    const current = now.find((each) => each.tenantId === tenantId);
    return {
      tenantId,
      tenantName: names.find(({ id }) => id === tenantId)?.name ?? null,
      waiting: current?.waiting ?? 0,
      oldestWaitMs: current?.oldestWaitMs ?? 0,
      history,
    };
  });
  return queues
    .toSorted(
      (a, b) => b.oldestWaitMs - a.oldestWaitMs || Math.max(...b.history) - Math.max(...a.history),
    )
    .slice(0, shownTenants);
}

/** What staff see first: what needs a person, and how the platform fares. */
export function consoleOverview(
  staff: StaffContext,
  { window = defaultWindow }: LoadFilter,
  at = new Date(),
): Promise<ConsoleOverview> {
  const look = { action: 'overview.opened', filter: { window } } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const starts = startsOf(window, at);
    const [needs, points, queues, status] = await Promise.all([
      readNeeds(tx, staff),
      pointsOf(tx, window, starts),
      queuesOf(tx, window, starts),
      engineStatus(),
    ]);
    shows(queues.map(({ tenantId }) => tenantId));
    shows(needs.flatMap(({ tenants: named }) => named.map(({ id }) => id)));
    const { waiting, held, oldestWaitMs, workers } = status;
    return {
      needs,
      window,
      points,
      queues,
      now: { waiting, running: held, oldestWaitMs, workers },
    };
  });
}
