import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { staffMember } from '@/lib/access/testing';
import { holdTestKey } from '@/lib/vault/testing';
import { changeTenantLimits, exportTenants, listTenants, listViews, removeView, saveView } from '.';
import { noOwnLimits } from './testing';

const database = testDatabase();
beforeAll(() => holdTestKey());

let ada: StaffContext;
beforeEach(async () => {
  ada = await staffMember(database, 'Ada Admin', { role: 'platform_admin' });
});

describe('the list of tenants', () => {
  const names = async (filter: Parameters<typeof listTenants>[1]) =>
    (await listTenants(ada, filter)).items.map(({ name }) => name);

  it('is sorted by name, by age and by activity, page after page', async () => {
    const mark = newId().slice(-8);
    for (const name of ['Beta', 'alpha', 'Gamma']) await database.createTenant(`${name} ${mark}`);
    const quiet = await database.createTenant(`Delta ${mark}`);
    const short = (all: readonly string[]) => all.map((name) => name.split(' ')[0]);
    const sorted = async (sort: 'name' | 'newest' | 'oldest') =>
      short(await names({ q: mark, sort }));
    expect(await sorted('name')).toEqual(['alpha', 'Beta', 'Delta', 'Gamma']);
    expect(await sorted('oldest')).toEqual(['Beta', 'alpha', 'Gamma', 'Delta']);
    expect(await sorted('newest')).toEqual(['Delta', 'Gamma', 'alpha', 'Beta']);
    await changeTenantLimits(ada, {
      tenantId: quiet.tenantId,
      limits: { ...noOwnLimits, members: 9 },
      reason: 'Now it was active',
    });
    expect(short(await names({ q: mark, sort: 'active' }))[0]).toBe('Delta');
    expect(short(await names({ q: mark, sort: 'quiet' })).at(-1)).toBe('Delta');
    expect(short(await names({ q: mark, seen: 'week' }))).toEqual(['Delta']);
    expect(await names({ q: mark, seen: 'quiet' })).toHaveLength(3);
  });

  it.each(['newest', 'oldest', 'name', 'active', 'quiet'] as const)(
    'comes in pages without a gap or a repetition when sorted by %s',
    async (sort) => {
      const mark = newId().slice(-8);
      for (let n = 0; n < 53; n += 1) await database.createTenant(`Page ${n} ${mark}`);
      const first = await listTenants(ada, { q: mark, sort });
      expect(first.items).toHaveLength(50);
      const second = await listTenants(ada, { q: mark, sort }, first.nextCursor ?? '');
      const all = [...first.items, ...second.items].map(({ id }) => id);
      expect(new Set(all).size).toBe(53);
      expect(second.nextCursor).toBeNull();
      const wrong = listTenants(ada, { sort }, 'nonsense');
      await expect(wrong).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );

  it('is exported as it is filtered, on record, without a formula', async () => {
    const mark = newId().slice(-8);
    await database.createTenant(`=cmd() ${mark}`);
    const csv = await new Response(await exportTenants(ada, { q: mark })).text();
    expect(csv.trim().split('\n')).toHaveLength(2);
    expect(csv).toMatch(/^id,name,state,created_at,members,connections,broken,last_activity_at\n/);
    expect(csv).toContain(`'=cmd() ${mark}`);
    const { rows } = await database.owner.query<{ details: unknown }>(
      `select details from staff_access_logs where action = 'tenants.exported' and user_id = $1`,
      [ada.userId],
    );
    expect(rows).toMatchObject([{ details: { filter: { q: mark } } }]);
  });

  it('is exported whole, page by page, with each page on record', async () => {
    const mark = newId().slice(-8);
    for (let n = 0; n < 5; n += 1) await database.createTenant(`Row ${n} ${mark}`);
    const csv = await new Response(await exportTenants(ada, { q: mark, sort: 'name' }, 2)).text();
    const names = csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[1]);
    expect(names).toEqual([0, 1, 2, 3, 4].map((n) => `Row ${n} ${mark}`));
    const { rows } = await database.owner.query(
      `select 1 from staff_access_logs where action = 'tenants.exported' and user_id = $1`,
      [ada.userId],
    );
    expect(rows).toHaveLength(3);
  });
});

describe('saved views', () => {
  it('are one’s own unless shared, and their owner’s to remove', async () => {
    const bob = await staffMember(database, 'Bob Admin', { role: 'platform_admin' });
    const filter = { state: 'suspended', sort: 'name', page: '7' };
    const own = await saveView(ada, { name: 'Mine', shared: false, filter });
    const shared = await saveView(ada, { name: 'Ours', shared: true, filter });
    const seen = async (staff: StaffContext) =>
      (await listViews(staff)).filter(({ owner }) => owner === 'Ada Admin').map(({ id }) => id);
    expect(await seen(ada)).toEqual(expect.arrayContaining([own, shared]));
    expect(await seen(bob)).toContain(shared);
    expect(await seen(bob)).not.toContain(own);
    const [view] = (await listViews(ada)).filter(({ id }) => id === own);
    expect(view?.query).toBe('state=suspended&sort=name');
    await expect(removeView(bob, { viewId: shared })).rejects.toMatchObject({ code: 'conflict' });
    await removeView(ada, { viewId: shared });
    expect(await seen(bob)).not.toContain(shared);
  });
});
