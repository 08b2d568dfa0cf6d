import { load, type PlatformTransaction, sql, type TenantId } from '@/db';
import {
  alerts,
  approvals,
  auditStreams,
  connections,
  supportRequests,
  tenantDeletions,
  tenantExports,
} from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { waitingApprovals } from '@/lib/approvals';
import { parkedAfter } from '@/lib/console/contract';
import { failedExports } from '@/lib/exports';
import { jobsMode } from '@/lib/jobs';
import { brokenConnections, countStuckRuns, tenantNames } from '@/lib/platform';
import { failingStreams } from '@/lib/streams';
import { waitingRequests } from '@/lib/support';
import { type Need, type NeedKind, needKinds } from './contract';

/** Tenants named with a line: those that wait longest. */
const mostNamed = 10;

interface Row extends Record<string, unknown> {
  readonly kind: NeedKind;
  readonly count: number;
  readonly oldest: Date | string | null;
  /** Whose it is, where few have it. */
  readonly tenantIds?: readonly TenantId[] | null;
}

/** Whose they are, those that wait longest first. */
const whose = (tenantId: unknown, since: unknown) =>
  sql`(array_agg(${tenantId} order by ${since}))[:${sql.raw(String(mostNamed))}]`;

/**
 * What staff's own role may count, in one statement; each part is short, or has an index of its own. Each
 * is what the list that it leads to shows, by the same condition.
 */
const counted = (staff: StaffContext) => sql`
  select 'broken_connections' as kind, count(*)::int as count, min(${connections.stateChangedAt}) as oldest,
         null::uuid[] as "tenantIds"
    from ${connections} where ${brokenConnections}
  union all
  select 'alerts', count(*)::int, min(a.opened_at), null from ${alerts} a where a.acknowledged_at is null
  union all
  select 'approvals', count(*)::int, min(${approvals.askedAt}), null
    from ${approvals} where ${waitingApprovals(staff)}
  union all
  select 'deletions', count(*)::int, min(d.asked_at), null
    from ${tenantDeletions} d where d.finished_at is null and d.ended_at is null
  union all
  select 'failed_deletions', count(*)::int, min(d.stage_at), null
    from ${tenantDeletions} d
   where d.finished_at is null and d.ended_at is null and d.error is not null
  union all
  select 'support_requests', count(*)::int, min(${supportRequests.createdAt}),
         ${whose(supportRequests.tenantId, supportRequests.createdAt)}
    from ${supportRequests} where ${waitingRequests}
  union all
  select 'failing_streams', count(*)::int, min(${auditStreams.failingSince}),
         ${whose(auditStreams.tenantId, auditStreams.failingSince)}
    from ${auditStreams} where ${failingStreams}
  union all
  select 'failed_exports', count(*)::int, min(${tenantExports.finishedAt}),
         ${whose(tenantExports.tenantId, tenantExports.finishedAt)}
    from ${tenantExports} where ${failedExports}`;

/**
 * What needs a person now: how many of each, and since when. What the background engine alone may see,
 * its own queue, is counted by its role, which reads ids and times.
 */
export async function readNeeds(
  tx: PlatformTransaction,
  staff: StaffContext,
): Promise<readonly Need[]> {
  const embedded = jobsMode() === 'embedded';
  const none = { count: 0, oldest: null };
  const [{ rows }, stuck, parked] = await Promise.all([
    tx.execute<Row>(counted(staff)),
    countStuckRuns(tx),
    embedded ? load.parkedRuns(parkedAfter) : none,
  ]);
  const all: readonly Row[] = [
    ...rows,
    { kind: 'stuck_runs', ...stuck },
    { kind: 'parked_runs', ...parked },
  ];
  const names = await tenantNames(
    tx,
    all.flatMap(({ tenantIds }) => tenantIds ?? []),
  );
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
