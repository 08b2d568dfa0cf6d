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
