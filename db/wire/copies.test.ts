import { expect, it, vi } from 'vitest';
import { testDatabase } from '@/db/testing';

vi.stubEnv('DATABASE_POOL', '1');
const database = testDatabase();

it('two copies of the module share a connection, as after bundling', async () => {
  const tenant = await database.createTenant('Acme');
  const first = await import('@/db');
  vi.resetModules();
  const second = await import('@/db');
  expect(second.withTenant).not.toBe(first.withTenant);
  for (const door of [first, second, first]) {
    const rows = await door.withTenant(tenant, (tx) =>
      tx.execute<{ id: string }>(door.sql`select id from tenants`),
    );
    expect(rows.rows).toEqual([{ id: tenant.tenantId }]);
  }
});

it('statements that copies of the module name for themselves are not taken for one another', async () => {
  const tenant = await database.createTenant('Acme');
  vi.resetModules();
  const first = await import('@/db');
  vi.resetModules();
  const second = await import('@/db');
  const one = await first
    .tenantDb(tenant)
    .execute<{ answer: string }>(first.sql`select 'one' as answer, ${tenant.tenantId}::uuid`);
  const two = await second
    .tenantDb(tenant)
    .execute<{ answer: string }>(second.sql`select 'two' as answer, ${tenant.tenantId}::uuid`);
  expect([one.rows[0]?.answer, two.rows[0]?.answer]).toEqual(['one', 'two']);
});

it('refuses one name for two statements rather than running the other one', async () => {
  const tenant = await database.createTenant('Acme');
  const { eq, tenantQuery } = await import('@/db');
  const { tenants } = await import('@/db/schema');
  const names = tenantQuery('test_same_name', (db, p) =>
    db.select({ name: tenants.name }).from(tenants).where(eq(tenants.id, p.tenantId)),
  );
  const states = tenantQuery('test_same_name', (db, p) =>
    db.select({ state: tenants.state }).from(tenants).where(eq(tenants.id, p.tenantId)),
  );
  expect(await names(tenant, {})).toEqual([{ name: 'Acme' }]);
  await expect(states(tenant, {})).rejects.toMatchObject({
    cause: { message: expect.stringContaining('Two different statements') },
  });
  expect(await names(tenant, {})).toEqual([{ name: 'Acme' }]);
});

it('copies of the module know of one another what is under way, what is short and which lanes there are', async () => {
  const copy = async () => {
    vi.resetModules();
    return {
      outbox: await import('./outbox'),
      pace: await import('./pace'),
      lanes: await import('./lanes'),
      pools: await import('../connections'),
    };
  };
  const first = await copy();
  const second = await copy();
  expect(second.lanes.lanesOf).not.toBe(first.lanes.lanesOf);
  first.outbox.begun();
  const busy = second.outbox.busy();
  second.outbox.answered();
  expect([busy, first.outbox.busy()]).toEqual([true, false]);
  for (let run = 0; run < 50; run += 1) {
    const error = new Error('of no interest');
    first.pace.notePace('copies', { sentAt: 0, readyAt: 1, error, broken: false });
  }
  expect(second.pace.isShort('copies')).toBe(true);
  const lanes = first.lanes.lanesOf(first.pools.poolOf('app'));
  expect(second.lanes.lanesOf(second.pools.poolOf('app'))).toBe(lanes);
});
