import { expect, it, vi } from 'vitest';

vi.stubEnv('DATABASE_POOL', '1');
const { sql, withTenant } = await import('@/db');
const { poolOf } = await import('@/db/connections');
const { testDatabase } = await import('@/db/testing');

const database = testDatabase();

/** What the next request would find on the one connection that there is. */
async function left(): Promise<unknown> {
  const { rows } = await poolOf('app').query<{ tenant: string | null }>(
    "select nullif(current_setting('app.tenant', true), '') as tenant",
  );
  return rows[0]?.tenant;
}

it('the connection of a transaction that was aborted under way is given to nobody', async () => {
  const tenant = await database.createTenant('Acme');
  const cancel = new AbortController();
  const working = withTenant(
    tenant,
    async (tx) => {
      await tx.execute(sql`select 1`);
      const slow = tx.execute(sql`select pg_sleep(0.2)`);
      // Sent in a later turn than it is asked for.
      setImmediate(() => cancel.abort(new Error('The browser has gone.')));
      await slow;
    },
    { signal: cancel.signal },
  );
  await expect(working).rejects.toThrow('The browser has gone.');
  expect(await left()).toBeNull();
});
