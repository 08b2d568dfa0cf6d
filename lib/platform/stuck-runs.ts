import { and, type PlatformTransaction, type SQL, sql } from '@/db';
import { runSteps, runs, tenants } from '@/db/schema';
import { stuckAfter } from '@/lib/console/contract';

const minutesAgo = (minutes: number) => sql`now() - make_interval(mins => ${minutes})`;

/** Whether the run's tenant is neither suspended nor being deleted: its runs are not to go on. */
const goesOn = sql`exists (
  select from ${tenants} t where t.id = ${runs}.tenant_id and t.state = 'active')`;

/**
 * Nobody seems to be at it: too long in the queue, or no step has begun or ended for long. The run's
 * columns are named in whole: within the steps, a bare one would be the step's. Asked run by run, where
 * `not exists` might read everybody's steps at once. What a held tenant has is not stuck.
 */
export const isStuck: SQL<boolean> = sql<boolean>`(case ${runs}.state
  when 'queued' then ${runs}.created_at < ${minutesAgo(stuckAfter.queued)} and ${goesOn}
  when 'running' then greatest(${runs}.started_at, (
    select max(greatest(s.started_at, s.finished_at)) from ${runSteps} s
     where s.tenant_id = ${runs}.tenant_id and s.run_id = ${runs}.id
  )) < ${minutesAgo(stuckAfter.running)} and ${goesOn}
  else false end)`;

/** Runs of all tenants that are not done, in the words of the index for that. */
export const isUnfinished = sql`(${runs.state} || '') in ('queued', 'running')`;

/** How many runs the list of stuck ones shows, and since when the oldest is there; within a look. */
export async function countStuckRuns(
  tx: PlatformTransaction,
): Promise<{ readonly count: number; readonly oldest: Date | null }> {
  const [row] = await tx
    .select({
      count: sql<number>`count(*)::int`,
      oldest: sql<string | null>`min(coalesce(${runs.createdAt}))`,
    })
    .from(runs)
    .where(and(isUnfinished, isStuck));
  return { count: row?.count ?? 0, oldest: row?.oldest ? new Date(row.oldest) : null };
}
