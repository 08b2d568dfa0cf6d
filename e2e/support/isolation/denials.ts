import type { Caller } from './caller';
import type { Cast } from './cast';

export interface Denied {
  readonly total: number;
  readonly byReason: Readonly<Record<string, number>>;
}

/**
 * How often somebody was denied something; repeats that were put together count as often. What is
 * noted of asking for the console is not in the total: to everybody else it is no endpoint.
 */
export async function deniedTo(
  { pool }: Pick<Cast, 'pool'>,
  { facts }: Pick<Caller, 'facts'>,
): Promise<Denied> {
  const { rows } = await pool.query<{ reason: string; times: number }>(
    `select reason, sum(times)::int as times
     from tenant_access_logs
     where user_id = $1 group by reason`,
    [facts.userId],
  );
  return {
    total: rows.reduce((sum, { reason, times }) => sum + (reason === 'not_staff' ? 0 : times), 0),
    byReason: Object.fromEntries(rows.map(({ reason, times }) => [reason, times])),
  };
}
