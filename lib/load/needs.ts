import { load, type PlatformTransaction, sql } from '@/db';
import { alerts, approvals, connections, supportRequests, tenantDeletions } from '@/db/schema';
import { jobsMode } from '@/lib/jobs';
import { type Need, type NeedKind, needKinds } from './contract';

/** Minutes after which a run that does not go on is told of. */
const restlessMinutes = 15;

interface Row extends Record<string, unknown> {
  readonly kind: NeedKind;
  readonly count: number;
  readonly oldest: Date | string | null;
}

/** What staff's own role may count, in one statement; each part is short, or has an index of its own. */
const counted = sql`
  select 'broken_connections' as kind, count(*)::int as count, min(c.state_changed_at) as oldest
    from ${connections} c
   where (c.state || '') in ('needs_scopes', 'needs_reconsent', 'blocked_by_policy')
  union all
  select 'alerts', count(*)::int, min(a.opened_at) from ${alerts} a where a.acknowledged_at is null
  union all
  select 'approvals', count(*)::int, min(a.asked_at)
    from ${approvals} a where a.decided_at is null and a.expires_at > now()
  union all
  select 'deletions', count(*)::int, min(d.asked_at)
    from ${tenantDeletions} d where d.finished_at is null and d.ended_at is null
  union all
  select 'failed_deletions', count(*)::int, min(d.stage_at)
    from ${tenantDeletions} d
   where d.finished_at is null and d.ended_at is null and d.error is not null
  union all
  select 'support_requests', count(*)::int, min(s.created_at)
    from ${supportRequests} s where s.decision is null and s.expires_at > now()`;

/**
 * What needs a person now: how many of each, and since when. What the background engine alone may see
 * (its own queue, and states of what it carries) is counted by its role, which reads ids and times.
 */
export async function readNeeds(tx: PlatformTransaction): Promise<readonly Need[]> {
  const embedded = jobsMode() === 'embedded';
  const none = { count: 0, oldest: null };
  const [{ rows }, stuck, parked, streams] = await Promise.all([
    tx.execute<Row>(counted),
    embedded ? load.stuckRuns(restlessMinutes) : none,
    embedded ? load.parkedRuns(restlessMinutes) : none,
    load.failingStreams(),
  ]);
  const all: readonly Row[] = [
    ...rows,
    { kind: 'stuck_runs', ...stuck },
    { kind: 'parked_runs', ...parked },
    { kind: 'failing_streams', ...streams },
  ];
  return needKinds.flatMap((kind) => {
    const row = all.find((each) => each.kind === kind);
    if (!row || row.count === 0) return [];
    const { count, oldest } = row;
    return [{ kind, count, oldest: oldest === null ? null : new Date(oldest).toISOString() }];
  });
}
