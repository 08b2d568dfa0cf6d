import { engine, inArray, type PlatformTransaction, type TenantId } from '@/db';
import { tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { env } from '@/lib/env';
import { functions } from '@/lib/functions';
import { jobsMode } from '@/lib/jobs';
import { redactText } from '@/lib/observability';
import { lookAsStaff } from '@/lib/platform';
import type {
  EngineFailureRow,
  EngineFilter,
  EngineFunctionRow,
  EngineJobRow,
  EngineTenantRow,
  EngineView,
} from './contract';
import { iso } from './rows';

/** Rows of each list. */
const shownTenants = 20;
const shownJobs = 50;
const shownFailures = 30;
/** Characters of an error's words. */
const longestError = 300;

const appId = 'tenantry';
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** As functions are called in the queue, with what people call them. */
const named: ReadonlyMap<string, string> = new Map(
  functions.map((each) => [each.id(appId), each.name]),
);
const nameOf = (functionId: string) => named.get(functionId) ?? functionId;

/** Whose turn work takes is a tenant, or the function itself where the work is no tenant's. */
const tenantIdOf = (tenant: string): TenantId | null =>
  uuid.test(tenant) ? (tenant as TenantId) : null;

interface Ended {
  readonly name?: unknown;
  readonly message?: unknown;
}

/**
 * A final error, redacted. What a tenant's work stumbled over can hold the names of what it touched,
 * so that only the kind of the error is told; the run's own tenant reads the rest.
 */
function errorOf({ output, tenant }: engine.FailedWork): string {
  const { name, message } = parsed(output);
  const kind = typeof name === 'string' ? name.slice(0, 80) : 'Error';
  if (tenantIdOf(tenant) !== null || typeof message !== 'string') return kind;
  return `${kind}: ${redactText(message).slice(0, longestError)}`;
}

function parsed(output: string | null): Ended {
  try {
    const value: unknown = JSON.parse(output ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

async function namesOf(
  tx: PlatformTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const own = [...new Set(ids.map(tenantIdOf).filter((id) => id !== null))];
  if (own.length === 0) return new Map();
  const rows = await tx
    .select({ id: tenants.id, name: tenants.name })
    .from(tenants)
    .where(inArray(tenants.id, own));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const none = { waiting: 0, oldestWaitMs: 0, running: 0, failing: 0, parked: 0 };

function functionRows(
  counts: readonly engine.WorkCount[],
  facts: Awaited<ReturnType<typeof engine.functionFacts>>,
): EngineFunctionRow[] {
  const work = new Map(counts.map((count) => [count.functionId, count]));
  const known = new Map(facts.map((fact) => [fact.functionId, fact]));
  const ids = new Set([
    ...named.keys(),
    ...known.keys(),
    ...counts.flatMap(({ functionId }) => (functionId ? [functionId] : [])),
  ]);
  return [...ids]
    .map((functionId) => {
      const { waiting, oldestWaitMs, running, failing, parked } = work.get(functionId) ?? none;
      return {
        functionId,
        name: nameOf(functionId),
        ...{ waiting, oldestWaitMs, running, failing, parked },
        failedToday: known.get(functionId)?.failed ?? 0,
        nextAt: iso(known.get(functionId)?.nextAt ?? null),
      };
    })
    .sort(
      (a, b) =>
        b.waiting + b.running + b.parked - (a.waiting + a.running + a.parked) ||
        b.failedToday - a.failedToday ||
        a.name.localeCompare(b.name),
    );
}

/** The rest of the engine's page reads the queue; who looked is put on record by the caller. */
async function embeddedView(
  tx: PlatformTransaction,
  { job, tenant, fn }: EngineFilter,
): Promise<Extract<EngineView, { mode: 'embedded' }>> {
  const store = engine.engineStore();
  const filter = { state: job, tenant, functionId: fn };
  const [totals, counts, facts, jobs, failures, workers] = await Promise.all([
    engine.queueStatus(store),
    engine.countWork(store, shownTenants),
    engine.functionFacts(store),
    engine.listWork(store, filter, shownJobs),
    engine.listFailures(store, filter, shownFailures),
    engine.listWorkers(store),
  ]);
  const queues = counts.flatMap((count) =>
    count.tenant ? [{ ...count, tenant: count.tenant }] : [],
  );
  const names = await namesOf(
    tx,
    [...queues, ...jobs, ...failures].map((row) => row.tenant),
  );
  const whose = (of: string) => ({
    tenantId: tenantIdOf(of),
    tenantName: names.get(of) ?? null,
  });
  return {
    mode: 'embedded',
    totals,
    functions: functionRows(
      counts.filter(({ functionId }) => functionId !== null),
      facts,
    ),
    tenants: queues.map(
      ({ tenant: of, waiting, oldestWaitMs, running, failing, parked }): EngineTenantRow => ({
        ...whose(of),
        ...{ waiting, oldestWaitMs, running, failing, parked },
      }),
    ),
    jobs: jobs.map(
      ({ tenant: of, createdAt, startedAt, wakeAt, ...row }): EngineJobRow => ({
        ...row,
        ...whose(of),
        createdAt: createdAt.toISOString(),
        startedAt: iso(startedAt),
        wakeAt: iso(wakeAt),
      }),
    ),
    failures: failures.map(
      (row): EngineFailureRow => ({
        id: row.id,
        functionId: row.functionId,
        ...whose(row.tenant),
        endedAt: row.endedAt.toISOString(),
        losses: row.losses,
        error: errorOf(row),
      }),
    ),
    workers: workers.map((row) => ({
      ...row,
      startedAt: row.startedAt.toISOString(),
      leaseUntil: row.leaseUntil.toISOString(),
    })),
  };
}

/**
 * The background engine: its queue by function and by tenant, what is being done, what fails and what
 * waits for its time, and the processes at work. Where Inngest does the work, where to look.
 */
export function openEngine(staff: StaffContext, filter: EngineFilter): Promise<EngineView> {
  const look = { action: 'engine.opened', filter } as const;
  const at = filter.tenant ? { ...look, tenantId: filter.tenant } : look;
  return lookAsStaff(staff, at, async (tx, shows) => {
    if (jobsMode() === 'inngest') {
      const dashboard = env.INNGEST_BASE_URL ?? 'https://app.inngest.com';
      const { undispatched } = await engine.undispatchedJobs(engine.engineStore());
      return { mode: 'inngest', dashboard, undispatched };
    }
    const view = await embeddedView(tx, filter);
    shows([...view.tenants, ...view.jobs, ...view.failures].map(({ tenantId }) => tenantId));
    return view;
  });
}
