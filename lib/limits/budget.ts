import { type ConnectionId, newId, sql, type TenantContext, withTenant } from '@/db';
import type { Budget } from './cost';
import { RetryLater } from './retry-later';

/** Longest wait for the budget inside a call, in seconds; beyond it the engine asks again later. */
export const longestWaitSeconds = 5;

interface Taken extends Record<string, unknown> {
  /** Negative: spent in advance, to be waited for. */
  readonly tokens: number;
  /** Seconds until the provider's own pause is over. */
  readonly paused: number;
}

const pauseLeft = sql`coalesce(greatest(0, extract(epoch from (provider_budgets.paused_until - now()))), 0)::float8`;

/** What has flowed back by now, at most what the bucket holds. */
function refilled({ capacity, perSecond }: Budget) {
  return sql`least(${capacity}::int, provider_budgets.tokens + floor(greatest(0, extract(epoch from (now() - provider_budgets.refilled_at))) * ${perSecond}::float8)::int)`;
}

/**
 * Take units from an account's budget, waiting a little where needed. One statement decides for all
 * processes; the wait itself holds no database connection.
 *
 * A taker may spend in advance what flows back within `longestWaitSeconds`, and waits for it
 * afterwards: takers queue up without asking again and again.
 * @param cost units, see `costOf`
 * @throws RetryLater when the budget or the provider's pause asks for a longer wait; nothing is taken
 */
export async function takeBudget(
  context: TenantContext,
  connectionId: ConnectionId,
  budget: Budget,
  cost: number,
): Promise<void> {
  const wait = await reserve(context, connectionId, budget, cost);
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait * 1_000));
}

async function reserve(
  context: TenantContext,
  connectionId: ConnectionId,
  budget: Budget,
  cost: number,
): Promise<number> {
  const { capacity, perSecond } = budget;
  const advance = Math.floor(perSecond * longestWaitSeconds);
  const available = refilled(budget);
  return withTenant(context, async (tx) => {
    const { rows } = await tx.execute<Taken>(sql`
      insert into provider_budgets (tenant_id, id, connection_id, tokens)
      values (${context.tenantId}, ${newId()}, ${connectionId}, ${capacity - cost})
      on conflict (tenant_id, connection_id, dimension) do update set
        tokens = ${available} - ${cost}::int,
        refilled_at = case
          when ${available} >= ${capacity}::int then now()
          else provider_budgets.refilled_at + make_interval(secs =>
            (${available} - provider_budgets.tokens) / ${perSecond}::float8)
        end
      where ${available} - ${cost}::int >= ${-advance}::int
        and ${pauseLeft} <= ${longestWaitSeconds}
      returning tokens, ${pauseLeft} as paused`);
    const taken = rows[0];
    if (taken) return Math.max(taken.paused, -taken.tokens / perSecond, 0);
    throw await refusal(tx, context, connectionId, budget, cost);
  });
}

async function refusal(
  tx: Parameters<Parameters<typeof withTenant>[1]>[0],
  context: TenantContext,
  connectionId: ConnectionId,
  budget: Budget,
  cost: number,
): Promise<RetryLater> {
  const { rows } = await tx.execute<Taken>(sql`
    select ${refilled(budget)} as tokens, ${pauseLeft} as paused from provider_budgets
    where tenant_id = ${context.tenantId} and connection_id = ${connectionId}`);
  const { tokens = 0, paused = 0 } = rows[0] ?? {};
  return paused > longestWaitSeconds
    ? new RetryLater(Math.ceil(paused), 'The provider asked us to slow down')
    : new RetryLater(
        Math.max(1, Math.ceil((cost - tokens) / budget.perSecond)),
        'The budget of calls to this account is used up for the moment',
      );
}

/**
 * Obey a provider's Retry-After: nobody calls this account for so many seconds, in any process.
 * @param seconds as the provider said; an earlier, longer pause stands
 */
export async function pauseBudget(
  context: TenantContext,
  connectionId: ConnectionId,
  budget: Budget,
  seconds: number,
): Promise<void> {
  const until = sql`now() + make_interval(secs => ${seconds}::float8)`;
  await withTenant(context, (tx) =>
    tx.execute(sql`
      insert into provider_budgets (tenant_id, id, connection_id, tokens, paused_until)
      values (${context.tenantId}, ${newId()}, ${connectionId}, ${budget.capacity}, ${until})
      on conflict (tenant_id, connection_id, dimension) do update set
        paused_until = greatest(coalesce(provider_budgets.paused_until, 'epoch'), ${until})`),
  );
}
