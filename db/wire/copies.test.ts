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
