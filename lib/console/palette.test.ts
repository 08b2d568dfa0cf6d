import { describe, expect, it } from 'vitest';
import { newId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { searchPalette } from '.';
import { runStory, somebodyOfStaff } from './testing';

const database = testDatabase();
const staff = somebodyOfStaff();
const hits = async (q: string) =>
  (await searchPalette(staff, q)).hits.map(({ kind, label, href }) => ({ kind, label, href }));

async function person(name: string, email: string): Promise<string> {
  const id = newId();
  await database.owner.query('insert into users (id, email, name) values ($1, $2, $3)', [
    id,
    email,
    name,
  ]);
  return id;
}

describe('the palette finds', () => {
  it('tenants by any part of their names, those that begin so first', async () => {
    await database.createTenant('Old Harbour');
    await database.createTenant('Harbour Light');
    expect((await hits('harb')).map(({ label }) => label)).toEqual([
      'Harbour Light',
      'Old Harbour',
    ]);
  });

  it('people by how words of their names and addresses begin', async () => {
    const id = await person('Zoë Brandt', 'z.brandt@lighthouse.example');
    const zoe = [{ kind: 'person', label: 'Zoë Brandt', href: `/admin/people/${id}` }];
    for (const q of ['zoë', 'bran', 'zoë br', 'z.brandt@lighthouse.example', 'lighthouse']) {
      expect(await hits(q)).toEqual(zoe);
    }
    expect(await hits('randt')).toEqual([]);
  });

  it('whatever a pasted id belongs to', async () => {
    const story = await runStory(database, 'Pasted');
    expect(await hits(story.tenantId)).toMatchObject([{ kind: 'tenant', label: 'Pasted' }]);
    expect(await hits(story.userId)).toMatchObject([{ kind: 'person' }]);
    expect(await hits(` ${story.runId.toUpperCase()} `)).toMatchObject([
      { kind: 'run', href: `/admin/runs/${story.runId}` },
    ]);
    expect(await hits(story.connectionId)).toMatchObject([{ kind: 'connection' }]);
    expect(await hits(story.requestId)).toMatchObject([
      { kind: 'request', href: `/admin/requests/${story.requestId}` },
    ]);
  });

  it.each(['', 'a', '  ', '%%', "'; --", ':* & !', '\\', '0'.repeat(200), newId()])(
    'nothing for %j, and does not stumble over it',
    async (q) => expect(await hits(q)).toEqual([]),
  );
});

describe('a search with the palette', () => {
  const looks = async ({ userId }: StaffContext) => {
    const { rows } = await database.owner.query(
      `select details -> 'filter' ->> 'q' as q from staff_access_logs
        where user_id = $1 and action = 'palette.searched' order by at, id`,
      [userId],
    );
    return rows.map(({ q }) => q);
  };

  it('is one look however long one types on, and another when it widens', async () => {
    const sam = somebodyOfStaff();
    for (const q of ['no', 'nor', 'North', 'northw', 'no']) await searchPalette(sam, q);
    expect(await looks(sam)).toEqual(['no']);
    for (const q of ['n2', 'n', 'or']) await searchPalette(sam, q);
    expect(await looks(sam)).toEqual(['no', 'n2', 'or']);
  });

  it('is another when typing on shows whom the first did not', async () => {
    const sam = somebodyOfStaff();
    for (let n = 1; n <= 7; n += 1) await database.createTenant(`Quay ${n}`);
    for (const q of ['quay', 'quay ', 'quay 7', 'quay 7', 'quay 1']) await searchPalette(sam, q);
    expect(await looks(sam)).toEqual(['quay', 'quay 7']);
    for (let n = 1; n <= 7; n += 1) await person(`Vera ${n}`, `vera${n}@quay.example`);
    for (const q of ['vera', 'vera 2', 'vera 7', 'vera 7']) await searchPalette(sam, q);
    expect(await looks(sam)).toEqual(['quay', 'quay 7', 'vera', 'vera 7']);
    const { rows } = await database.owner.query(
      `select tenant_id is not null as one, jsonb_array_length(details -> 'tenants') as tenants
         from staff_access_logs where user_id = $1 and details -> 'filter' ->> 'q' like 'quay%'
        order by at, id`,
      [sam.userId],
    );
    expect(rows).toEqual([
      { one: false, tenants: 6 },
      { one: true, tenants: null },
    ]);
  });

  it('is no part of somebody else’s', async () => {
    const [sam, kim] = [somebodyOfStaff(), somebodyOfStaff()];
    for (const each of [sam, kim]) await searchPalette(each, 'no');
    expect(await looks(kim)).toEqual(['no']);
  });

  it('for an id is on record with it, whatever was typed before', async () => {
    const sam = somebodyOfStaff();
    const id = newId();
    for (const q of [id.slice(0, 2), id, id]) await searchPalette(sam, q);
    expect(await looks(sam)).toEqual([id.slice(0, 2), id]);
  });

  it('begins anew after ten minutes', async () => {
    const sam = somebodyOfStaff();
    await searchPalette(sam, 'no');
    await database.owner.query(
      `update staff_access_logs set at = at - interval '11 minutes' where user_id = $1`,
      [sam.userId],
    );
    await searchPalette(sam, 'nor');
    expect(await looks(sam)).toEqual(['no', 'nor']);
  });
});
