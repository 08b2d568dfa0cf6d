import { inArray, load, type PlatformTransaction, sql, type TenantId } from '@/db';
import {
  alerts,
  approvals,
  connections,
  supportRequests,
  tenantDeletions,
  tenants,
} from '@/db/schema';
import { jobsMode } from '@/lib/jobs';
import { countStuckRuns } from '@/lib/platform';
import { type Need, type NeedKind, needKinds } from './contract';

/** Minutes after which a run that was put off is told of. */
const restlessMinutes = 15;
/** Tenants named with a line that no list is behind. */
const mostNamed = 10;

interface Row extends Record<string, unknown> {
  readonly kind: NeedKind;
  readonly count: number;
  readonly oldest: Date | string | null;
  /** Whose it is, where no list says so. */
  readonly tenantIds?: readonly TenantId[] | null;
}

/** What staff's own role may count, in one statement; each part is short, or has an index of its own. */
const counted = sql`
  select 'broken_connections' as kind, count(*)::int as count, min(c.state_changed_at) as oldest,
         null::uuid[] as "tenantIds"
    from ${connections} c
   where (c.state || '') in ('needs_scopes', 'needs_reconsent', 'blocked_by_policy')
  union all
  select 'alerts', count(*)::int, min(a.opened_at), null from ${alerts} a where a.acknowledged_at is null
  union all
  select 'approvals', count(*)::int, min(a.asked_at), null
    from ${approvals} a where a.decided_at is null and a.expires_at > now()
  union all
  select 'deletions', count(*)::int, min(d.asked_at), null
    from ${tenantDeletions} d where d.finished_at is null and d.ended_at is null
  union all
  select 'failed_deletions', count(*)::int, min(d.stage_at), null
    from ${tenantDeletions} d
   where d.finished_at is null and d.ended_at is null and d.error is not null
  union all
  select 'support_requests', count(*)::int, min(s.created_at),
         (array_agg(s.tenant_id order by s.created_at))[:${sql.raw(String(mostNamed))}]
    from ${supportRequests} s where s.decision is null and s.expires_at > now()`;

/** Names of the tenants that lines name. */
async function namesOf(tx: PlatformTransaction, rows: readonly Row[]) {
  const ids = [...new Set(rows.flatMap(({ tenantIds }) => tenantIds ?? []))];
  if (ids.length === 0) return new Map<TenantId, string>();
  const known = await tx
    .select({ id: tenants.id, name: tenants.name })
    .from(tenants)
    .where(inArray(tenants.id, ids));
  return new Map(known.map(({ id, name }) => [id, name]));
}

/**
 * What needs a person now: how many of each, and since when. What the background engine alone may see
 * (its own queue, and states of what it carries) is counted by its role, which reads ids and times.
 */
export async function readNeeds(tx: PlatformTransaction): Promise<readonly Need[]> {
  const embedded = jobsMode() === 'embedded';
  const none = { count: 0, oldest: null };
  const [{ rows }, stuck, parked, streams] = await Promise.all([
    tx.execute<Row>(counted),
    countStuckRuns(tx),
    embedded ? load.parkedRuns(restlessMinutes) : none,
    load.failingStreams(mostNamed),
  ]);
  const all: readonly Row[] = [
    ...rows,
    { kind: 'stuck_runs', ...stuck },
    { kind: 'parked_runs', ...parked },
    { kind: 'failing_streams', ...streams },
  ];
  const names = await namesOf(tx, all);
  return needKinds.flatMap((kind) => {
    const row = all.find((each) => each.kind === kind);
    if (!row || row.count === 0) return [];
    const { count, oldest, tenantIds } = row;
    const since = oldest === null ? null : new Date(oldest).toISOString();
    const named = [...new Set(tenantIds ?? [])].flatMap((id) => {
      const name = names.get(id);
      return name === undefined ? [] : [{ id, name }];
    });
    return [{ kind, count, oldest: since, tenants: named }];
  });
}
