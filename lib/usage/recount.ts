import { type SQL, sql, type TenantId, type TenantTransaction } from '@/db';
import { auditEvents, effects, providerCalls, runSteps, runs } from '@/db/schema';
import { firstIdAt } from './id-time';

/** What the records say of one hour. */
export interface CountedHour {
  readonly hour: Date;
  readonly runs: number;
  readonly steps: number;
  readonly providerCalls: number;
  readonly effects: number;
  readonly activeMembers: readonly string[];
}

/** How far the clock of an id's maker and the database's may lie apart, transactions' length included. */
const clocksApartMs = 600_000;

const hourOf = (column: SQL | typeof runs.createdAt) => sql`date_trunc('hour', ${column}, 'UTC')`;

/**
 * What a tenant's records say of the hours from `from` until before `to`, as a query: from runs by
 * when they were asked for, steps by when they began, calls by when they were made, changes by when
 * they were done, and members by what they did on the audit record.
 */
export function countedHours(tenantId: TenantId, from: Date, to: Date): SQL {
  const within = (column: SQL | typeof runs.createdAt) =>
    sql`${column} >= ${from.toISOString()} and ${column} < ${to.toISOString()}`;
  const none = sql`0`;
  const part = (hour: SQL, counts: readonly SQL[], rest: SQL) =>
    sql`select ${hour} as hour, ${sql.join([...counts], sql`, `)} from ${rest} group by 1`;
  const nobody = sql`'{}'::uuid[]`;
  const total = sql`count(*)`;
  const asked = part(
    hourOf(runs.createdAt),
    [
      sql`${total} as runs`,
      sql`${none} as steps`,
      sql`${none} as calls`,
      sql`${none} as effects`,
      sql`${nobody} as members`,
    ],
    sql`${runs} where ${runs.tenantId} = ${tenantId} and ${within(runs.createdAt)}`,
  );
  const begun = part(
    hourOf(sql`${runSteps.startedAt}`),
    [none, total, none, none, nobody],
    sql`${runSteps} where ${runSteps.tenantId} = ${tenantId} and ${within(sql`${runSteps.startedAt}`)}`,
  );
  const called = part(
    hourOf(sql`${providerCalls.createdAt}`),
    [none, none, total, none, nobody],
    sql`${providerCalls} where ${providerCalls.tenantId} = ${tenantId}
          and ${within(sql`${providerCalls.createdAt}`)}`,
  );
  const done = part(
    hourOf(sql`${effects.finishedAt}`),
    [none, none, none, total, nobody],
    sql`${effects} where ${effects.tenantId} = ${tenantId}
          and ${within(sql`${effects.finishedAt}`)} and ${effects.state} = 'done'`,
  );
  const acted = part(
    hourOf(sql`${auditEvents.createdAt}`),
    [none, none, none, none, sql`array_agg(distinct ${auditEvents.actorId})`],
    // The record is read by its ids, which are led by their time.
    sql`${auditEvents} where ${auditEvents.tenantId} = ${tenantId}
          and ${auditEvents.id} >= ${firstIdAt(from, -clocksApartMs)}
          and ${auditEvents.id} < ${firstIdAt(to, clocksApartMs)}
          and ${within(sql`${auditEvents.createdAt}`)}
          and ${auditEvents.actorType} = 'member' and ${auditEvents.actorId} is not null`,
  );
  return sql`
    select hour, sum(runs)::int as runs, sum(steps)::int as steps, sum(calls)::int as calls,
           sum(effects)::int as effects,
           -- Of the parts one has members at most.
           coalesce(max(members) filter (where cardinality(members) > 0), '{}') as members
      from (${asked} union all ${begun} union all ${called} union all ${done} union all ${acted})
           as parts
     group by hour`;
}

interface HourRow extends Record<string, unknown> {
  readonly hour: Date | string;
  readonly runs: number;
  readonly steps: number;
  readonly calls: number;
  readonly effects: number;
  readonly members: readonly string[];
}

/** The same, read. */
export async function recount(
  tx: Pick<TenantTransaction, 'execute'>,
  tenantId: TenantId,
  from: Date,
  to: Date,
): Promise<readonly CountedHour[]> {
  const { rows } = await tx.execute<HourRow>(
    sql`${countedHours(tenantId, from, to)} order by hour`,
  );
  return rows.map(({ hour, calls, members, ...counts }) => ({
    ...{ runs: counts.runs, steps: counts.steps, effects: counts.effects },
    hour: new Date(hour),
    providerCalls: calls,
    activeMembers: members,
  }));
}
