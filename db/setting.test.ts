import { beforeAll, describe, expect, it } from 'vitest';
import { sql, type TenantContext, tenantDb, withTenant } from '@/db';
import { poolOf } from '@/db/connections';
import { connections } from '@/db/schema';
import { testDatabase } from '@/db/testing';

const database = testDatabase();

let mine: TenantContext;

beforeAll(async () => {
  mine = await database.createTenant();
});

/** What the app role sees on a connection of its pool without going through a door. */
async function unscoped(text: string): Promise<unknown> {
  const { rows } = await poolOf('app').query({ text, rowMode: 'array' });
  return rows[0]?.[0];
}

describe('the setting', () => {
  const setting = "select coalesce(current_setting('app.tenant', true), '')";
  const holds = (context: TenantContext) => sql`select ${context.tenantId}::uuid, 1 / ${0}::int`;

  it.each([
    ['a commit', () => withTenant(mine, (tx) => tx.select().from(connections))],
    ['a single statement', () => tenantDb(mine).select().from(connections)],
    ['a rollback', () => withTenant(mine, () => Promise.reject(new Error('undo'))).catch(() => {})],
    [
      'an error in a transaction',
      () => withTenant(mine, (tx) => tx.execute(holds(mine))).catch(() => {}),
    ],
    [
      'an error in a single statement',
      () =>
        tenantDb(mine)
          .execute(holds(mine))
          .catch(() => {}),
    ],
  ])('is gone from every connection after %s', async (_name, work) => {
    await work();
    const pool = poolOf('app');
    const seen = await Promise.all(
      Array.from({ length: pool.totalCount }, () => unscoped(setting)),
    );
    expect(new Set(seen)).toEqual(new Set(['']));
  });
});
