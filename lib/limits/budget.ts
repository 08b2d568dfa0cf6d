import {
  type ConnectionId,
  newId,
  sql,
  type TenantContext,
  type TenantTransaction,
  withTenant,
} from '@/db';
import type { Budget, Demand } from './bucket';
import { RetryLater } from './retry-later';
import { shareOf } from './share';
import { limitsOf } from './tenant-limits';

/** Longest wait for the budget inside a call, in seconds; beyond it the engine asks again later. */
export const longestWaitSeconds = 5;
/** Longest pause that is taken from a provider's word, in seconds: then it is asked again. */
export const longestPauseSeconds = 3_600;
/** Seconds for which a budget fills at half its pace once the provider has warned us. */
const slowSeconds = 60;

interface Taken extends Record<string, unknown> {
  /** Negative: spent in advance, to be waited for. */
  readonly tokens: number;
  /** Seconds until the provider's own pause is over. */
  readonly paused: number;
  /** Units a second, at the moment. */
  readonly pace: number;
}

const pauseLeft = sql`coalesce(greatest(0, extract(epoch from (provider_budgets.paused_until - now()))), 0)::float8`;

const paceOf = ({ perSecond }: Budget) =>
  sql`(${perSecond}::float8 * case when provider_budgets.slowed_until > now() then 0.5 else 1 end)`;

/** What has flowed back by now, at most what the bucket holds. */
function refilled(budget: Budget) {
  return sql`least(${budget.capacity}::int, provider_budgets.tokens + floor(greatest(0, extract(epoch from (now() - provider_budgets.refilled_at))) * ${paceOf(budget)})::int)`;
}

/**
 * Take what a call needs from its account's budgets, all of it or nothing, waiting a little where
 * needed. One statement a bucket decides for all processes; the wait itself holds no database
 * connection.
 *
 * A taker may spend in advance what flows back within `longestWaitSeconds`, and waits for it
 * afterwards: takers queue up without asking again and again.
 * @param demands see `demandsOf`; the organisation has its share of each budget, see `limitsOf`
 * @throws RetryLater when a budget or the provider's pause asks for a longer wait; nothing is taken
 */
export async function takeBudget(
  context: TenantContext,
  connectionId: ConnectionId,
  demands: readonly Demand[],
): Promise<void> {
  // Always in the same order, so that two takers never wait for each other's rows.
  const ordered = [...demands].sort((a, b) => (a.dimension < b.dimension ? -1 : 1));
  const wait = await withTenant(context, async (tx) => {
    const { providerBudgetPercent } = await limitsOf(context, tx);
    let longest = 0;
    for (const { budget, units, ...demand } of ordered) {
      const share = shareOf(budget, providerBudgetPercent, units);
      const wanted = { ...demand, units, budget: share };
      longest = Math.max(longest, await reserve(tx, context, connectionId, wanted));
    }
    return longest;
  });
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait * 1_000));
}

/** @returns seconds to wait */
async function reserve(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
  { dimension, budget, units }: Demand,
): Promise<number> {
  const available = refilled(budget);
  const pace = paceOf(budget);
  const { rows } = await tx.execute<Taken>(sql`
    insert into provider_budgets (tenant_id, id, connection_id, dimension, tokens)
    values (${context.tenantId}, ${newId()}, ${connectionId}, ${dimension},
            ${budget.capacity - units})
    on conflict (tenant_id, connection_id, dimension) do update set
      tokens = ${available} - ${units}::int,
      refilled_at = case
        when ${available} >= ${budget.capacity}::int then now()
        else provider_budgets.refilled_at + make_interval(secs =>
          (${available} - provider_budgets.tokens) / ${pace})
      end
    where ${available} - ${units}::int >= -floor(${pace} * ${longestWaitSeconds})
      and ${pauseLeft} <= ${longestWaitSeconds}
    returning tokens, ${pauseLeft} as paused, ${pace} as pace`);
  const taken = rows[0];
  if (taken) return Math.max(taken.paused, -taken.tokens / taken.pace, 0);
  throw await refusal(tx, context, connectionId, { dimension, budget, units });
}

async function refusal(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
  { dimension, budget, units }: Demand,
): Promise<RetryLater> {
  const { rows } = await tx.execute<Taken>(sql`
    select ${refilled(budget)} as tokens, ${pauseLeft} as paused, ${paceOf(budget)} as pace
      from provider_budgets
     where tenant_id = ${context.tenantId} and connection_id = ${connectionId}
       and dimension = ${dimension}`);
  const { tokens = 0, paused = 0, pace = budget.perSecond } = rows[0] ?? {};
  return paused > longestWaitSeconds
    ? new RetryLater(Math.ceil(paused), 'The provider asked us to slow down')
    : new RetryLater(
        Math.max(1, Math.ceil((units - tokens) / pace)),
        'The budget of calls to this account is used up for the moment',
      );
}

/** Put a moment into one column of a bucket, unless a later one is there. */
async function putOff(
  context: TenantContext,
  connectionId: ConnectionId,
  { dimension, budget }: Demand,
  column: 'paused_until' | 'slowed_until',
  seconds: number,
): Promise<void> {
  const until = sql`now() + make_interval(secs => ${seconds}::float8)`;
  const name = sql.identifier(column);
  await withTenant(context, (tx) =>
    tx.execute(sql`
      insert into provider_budgets (tenant_id, id, connection_id, dimension, tokens, ${name})
      values (${context.tenantId}, ${newId()}, ${connectionId}, ${dimension}, ${budget.capacity},
              ${until})
      on conflict (tenant_id, connection_id, dimension) do update set
        ${name} = greatest(coalesce(provider_budgets.${name}, 'epoch'), ${until})`),
  );
}

/**
 * Obey a provider's Retry-After: nobody takes from this budget for so many seconds, in any process.
 * @param seconds as the provider said, at most an hour; an earlier, longer pause stands
 * @returns the seconds that count
 */
export async function pauseBudget(
  context: TenantContext,
  connectionId: ConnectionId,
  demand: Demand,
  seconds: number,
): Promise<number> {
  const bounded = Math.min(Math.max(seconds, 0), longestPauseSeconds);
  await putOff(context, connectionId, demand, 'paused_until', bounded);
  return bounded;
}

/** Heed a provider's warning: for a minute this budget fills at half its pace. */
export function slowBudget(
  context: TenantContext,
  connectionId: ConnectionId,
  demand: Demand,
): Promise<void> {
  return putOff(context, connectionId, demand, 'slowed_until', slowSeconds);
}
