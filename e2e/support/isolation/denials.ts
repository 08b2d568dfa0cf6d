import { expect } from '@playwright/test';
import { ask } from './ask';
import type { Caller } from './caller';
import type { Cast } from './cast';

export interface Denied {
  readonly total: number;
  readonly byReason: Readonly<Record<string, number>>;
}

/** Nothing waits in the product's memory: on a busy machine an answer may be ahead of its record. */
export async function denialsWritten({ server }: Pick<Cast, 'server'>): Promise<void> {
  const waiting = async () => {
    const { body } = await ask(server, '/api/metrics');
    return /^tenantry_denials_in_memory\{state="waiting"\} (\d+)$/m.exec(body)?.[1];
  };
  await expect.poll(waiting, { timeout: 60_000 }).toBe('0');
}

/**
 * How often somebody was denied something; repeats that were put together count as often. What is
 * noted of asking for the console is not in the total: to everybody else it is no endpoint.
 */
export async function deniedTo(
  { pool, server }: Pick<Cast, 'pool' | 'server'>,
  { facts }: Pick<Caller, 'facts'>,
): Promise<Denied> {
  await denialsWritten({ server });
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
