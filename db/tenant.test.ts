import { describe, expect, it } from 'vitest';
import { tenantDb, withTenant } from '@/db';
import { memberships, tenants } from '@/db/schema';
import { testDatabase } from '@/db/testing';

const database = testDatabase();

describe('withTenant', () => {
  it('shows a tenant its own rows and no others', async () => {
    const acme = await database.createTenant('Acme');
    const globex = await database.createTenant('Globex');
    await database.createMember(acme);
    await database.createMember(globex);

    const seen = await withTenant(acme, (tx) => tx.select().from(memberships));
    expect(seen.map((row) => row.tenantId)).toEqual([acme.tenantId]);
    expect(await tenantDb(globex).select({ name: tenants.name }).from(tenants)).toEqual([
      { name: 'Globex' },
    ]);
  });
});
