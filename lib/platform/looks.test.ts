import { beforeAll, describe, expect, it } from 'vitest';
import { newId, type TenantId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { staffMember } from '@/lib/access/testing';
import { pageSize } from '@/lib/paging';
import { browseLooks, lookAsStaff, openLooks } from '.';
import type { LookFilter } from './contract';

const database = testDatabase();

let ada: StaffContext;
let sam: StaffContext;
const tenants: TenantId[] = [];

beforeAll(async () => {
  ada = await staffMember(database, 'Ada');
  sam = await staffMember(database, 'Sam');
  for (const name of ['Harbour', 'Quarry', 'Mill', 'Forge']) {
    tenants.push((await database.createTenant(name)).tenantId);
  }
  const [harbour, quarry] = tenants as [TenantId, TenantId];
  await lookAsStaff(sam, { action: 'tenant.opened', tenantId: harbour }, async () => 0);
  await lookAsStaff(
    sam,
    { action: 'runs.listed', filter: { state: 'failed' } },
    async (_tx, shows) => shows(tenants),
  );
  await lookAsStaff(ada, { action: 'tenant.opened', tenantId: quarry }, async () => 0);
});

/** Without the looks at this record, which stand on it too. */
const browse = async (filter: LookFilter) => {
  const { items } = await browseLooks(ada, filter);
  return items
    .filter(({ action }) => action !== 'looks.browsed')
    .map(({ person, action }) => `${person.name} ${action}`);
};

const day = (offset: number) =>
  new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

describe('what staff looked at', () => {
  it('is listed with who, whose and what was asked for, newest first', async () => {
    const { items } = await browseLooks(ada, { person: sam.userId });
    expect(items).toMatchObject([
      {
        person: { id: sam.userId, name: 'Sam' },
        action: 'runs.listed',
        tenants: [{ name: expect.any(String) }, {}, {}],
        moreTenants: 1,
        filter: { state: 'failed' },
        refused: null,
        requestId: sam.requestId,
      },
      { action: 'tenant.opened', tenants: [{ id: tenants[0], name: 'Harbour' }], moreTenants: 0 },
    ]);
  });

  it('is found by the tenant, looked at alone or among others', async () => {
    expect(await browse({ tenant: tenants[1] as TenantId })).toEqual([
      'Ada tenant.opened',
      'Sam runs.listed',
    ]);
  });

  it('is found by what was done, and by the day', async () => {
    const opened = { action: 'tenant.opened' } as const;
    expect(await browse(opened)).toEqual(['Ada tenant.opened', 'Sam tenant.opened']);
    expect(await browse({ ...opened, from: day(0), to: day(0) })).toHaveLength(2);
    expect(await browse({ ...opened, to: day(-1) })).toEqual([]);
    expect(await browse({ ...opened, from: day(1) })).toEqual([]);
  });

  it('is itself a look, of which the next one tells', async () => {
    const filter = { person: ada.userId, action: 'looks.browsed' } as const;
    await browseLooks(ada, filter);
    const { items } = await browseLooks(ada, filter);
    expect(items[0]).toMatchObject({ action: 'looks.browsed', filter });
  });

  it('goes on where a page ended', async () => {
    const many = await staffMember(database, 'Many');
    for (let n = 0; n < pageSize + 2; n += 1) {
      await lookAsStaff(many, { action: 'doctor.opened' }, async () => n);
    }
    const filter = { person: many.userId };
    const first = await browseLooks(ada, filter);
    const rest = await browseLooks(ada, filter, first.nextCursor ?? '');
    const ids = [...first.items, ...rest.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(pageSize + 2);
    expect(rest.nextCursor).toBeNull();
  });

  it('is still told once a tenant among those shown was erased', async () => {
    const { owner } = database;
    const [kept, gone] = [await database.createTenant('Kept'), await database.createTenant('Gone')];
    const shown = [kept.tenantId, gone.tenantId];
    const una = await staffMember(database, 'Una');
    await lookAsStaff(una, { action: 'tenants.listed' }, async (_tx, shows) => shows(shown));
    const deletion = newId();
    await owner.query(
      `insert into tenant_deletions (tenant_id, id, origin, stage, grace_until, closed_at)
       values ($1, $2, 'owner', 'erasing', now(), now())`,
      [gone.tenantId, deletion],
    );
    await owner.query(`update tenants set state = 'deleting' where id = $1`, [gone.tenantId]);
    await owner.query('select lifecycle.erase_mentions($1, 1000)', [deletion]);
    const { items } = await browseLooks(ada, { person: una.userId });
    expect(items).toMatchObject([
      { action: 'tenants.listed', tenants: [{ name: 'Kept' }], moreTenants: 0, erasedTenants: 1 },
    ]);
  });

  it('offers who is staff, and whom the filter names though they left', async () => {
    const gone = await staffMember(database, 'Zoe Left');
    await database.owner.query('delete from staff where user_id = $1', [gone.userId]);
    const named = async (filter: LookFilter) =>
      (await openLooks(ada, filter)).people.map(({ name }) => name);
    expect(await named({})).not.toContain('Zoe Left');
    expect(await named({ person: gone.userId })).toEqual(
      expect.arrayContaining(['Ada', 'Sam', 'Zoe Left']),
    );
  });
});
