import { beforeAll, describe, expect, it } from 'vitest';
import { type ConnectionId, newId, type ResourceId, sql, type TenantContext } from '@/db';
import { testDatabase } from '@/db/testing';
import { type ResourceFilter, resourceFilter } from './contract';
import { searchResources } from './resource-search';
import {
  fillWithNames,
  fillWithOddNames,
  fits,
  type Known,
  pick,
  pieces,
  random,
} from './testing/search';

const database = testDatabase();
/** Enough for a search to leave reading on by name and ask its index. */
const ROWS = 6_000;

let alpha: TenantContext;
let beta: TenantContext;
let known: readonly Known[];
let connectionId: ConnectionId;

beforeAll(async () => {
  alpha = await database.createTenant('Alpha');
  beta = await database.createTenant('Beta');
  connectionId = await fillWithOddNames(database, alpha, ROWS);
  await fillWithOddNames(database, beta, ROWS);
  await database.owner.query('vacuum analyze resources');
  const { rows } = await database.owner.query<Known>(
    `select id, name, sort_name, kind, attributes, gone_at is not null as gone from resources
      where tenant_id = $1 order by sort_name, id`,
    [alpha.tenantId],
  );
  known = rows;
});

const filter = (given: Record<string, unknown>) =>
  resourceFilter.parse({ presence: 'all', ...given });

/** Everything that a search finds, page by page. */
async function found(context: TenantContext, given: ResourceFilter, size: number) {
  const ids: ResourceId[] = [];
  for (let after: ResourceId | null = null; ; ) {
    const hits = await searchResources(context, given, after, size);
    ids.push(...hits.ids);
    after = hits.ids.at(-1) ?? null;
    if (hits.ids.length < size) return ids;
  }
}

async function expectExact(given: ResourceFilter, size = 400): Promise<number> {
  const { rows } = await database.owner.query<{ lower: string }>('select lower($1)', [given.q]);
  const expected = known.filter((row) => fits(given, row, rows[0]?.lower ?? ''));
  const ids = await found(alpha, given, size);
  expect(ids, JSON.stringify(given)).toEqual(expected.map(({ id }) => id));
  // A first page is in order, and what is beyond it is counted, each once.
  expect(await searchResources(alpha, given, null, 51, 501), JSON.stringify(given)).toEqual({
    ids: ids.slice(0, 51),
    counted: Math.min(ids.length, 501),
  });
  return ids.length;
}

/** So many different letters, none of which has another case. */
const letters = (count: number) =>
  Array.from({ length: count }, (_, n) => String.fromCodePoint(0x4e00 + n));

const partOfSome = (length: number) => {
  const letters = [...pick(known).name];
  const from = random(Math.max(1, letters.length - length + 1));
  return letters.slice(from, from + length).join('');
};

describe('a search of a tenant', () => {
  it.each([1, 2, 3, 5, 9])('finds each name with a part of %d letters, and no other', async (n) => {
    for (let at = 0; at < 12; at += 1) await expectExact(filter({ q: partOfSome(n) }));
  });

  it('takes signs of patterns, of queries and of quoting as letters', async () => {
    const signs = [
      '%',
      '_',
      '\\',
      "'",
      '"',
      '*',
      ':*',
      '&',
      '|',
      '!',
      '(',
      '<->',
      "''",
      "' or '1'='1",
      '%%',
      '\\%',
    ];
    for (const q of signs) await expectExact(filter({ q }));
  });

  it('finds words in any order, the last one from its beginning', async () => {
    const queries = [
      'report',
      'rep',
      'report annual',
      'annual rep',
      'bud 2026',
      '2026 bud',
      'o neil',
      '報告書',
      'отчёт',
      'fox',
      '7',
      'x 7',
      'a',
      '100',
      '- !',
    ];
    for (const q of queries) await expectExact(filter({ q, by: 'words' }));
  });

  it('tells a word from one that goes on, however long both are', async () => {
    const context = await database.createTenant();
    const of = (word: string) => `${word} of a thing`;
    const lengths = [63, 64, 65, 70];
    await fillWithNames(database, context, [
      ...lengths.map((length) => of('q'.repeat(length))),
      ...Array.from({ length: 2_000 }, (_, n) => of(`file ${n}`)),
    ]);
    for (const length of lengths) {
      const q = of('q'.repeat(length));
      expect((await searchResources(context, filter({ q, by: 'words' }), null, 50)).counted).toBe(
        1,
      );
    }
  });

  it('finds so many words as a query can have', async () => {
    const context = await database.createTenant();
    const words = letters(99).join(' ');
    await fillWithNames(database, context, [
      `${words}, all of them`,
      ...Array.from({ length: 2_000 }, (_, n) => `${words}${n}`),
    ]);
    const counted = async (q: string) =>
      (await searchResources(context, filter({ q, by: 'words' }), null, 50, 5_000)).counted;
    expect(await counted(words)).toBe(2_001);
    expect(await counted(`${words} a`)).toBe(1);
  });

  it('finds an attribute by the whole of it', async () => {
    for (const q of [
      'ada@example.com',
      "o'neil@example.com",
      'a\\b',
      'ada',
      'ADA@example.com',
      '%',
    ]) {
      await expectExact(filter({ q, by: 'owner' }));
    }
  });

  it('is narrowed by kind and by what is gone', async () => {
    for (const q of ['report', 'ab', '7', '報']) {
      expect(await expectExact(filter({ q, kind: 'folder' }))).toBeGreaterThan(0);
      expect(await expectExact(filter({ q, presence: 'gone' }))).toBeGreaterThan(0);
      await expectExact(filter({ q, presence: 'present' }), 50);
    }
    await expectExact(filter({ presence: 'gone' }));
    await expectExact(filter({ presence: 'gone', kind: 'folder', connection: connectionId }));
    expect(await found(alpha, filter({ connection: newId() }), 50)).toEqual([]);
  });

  it('knows what was renamed, marked gone and removed a moment ago', async () => {
    const q = 'quokka';
    const one = pick(known).id;
    const change = (text: string) =>
      database.owner.query(`${text} where tenant_id = $1 and id = $2`, [alpha.tenantId, one]);
    const before = await database.owner.query('select name from resources where id = $1', [one]);
    await change(`update resources set name = 'The Quokka', gone_at = null`);
    expect(await found(alpha, filter({ q, presence: 'present' }), 50)).toEqual([one]);
    await change('update resources set gone_at = now()');
    expect(await found(alpha, filter({ q, presence: 'present' }), 50)).toEqual([]);
    expect(await found(alpha, filter({ q, presence: 'gone' }), 50)).toEqual([one]);
    await database.owner.query('update resources set name = $3 where tenant_id = $1 and id = $2', [
      alpha.tenantId,
      one,
      before.rows[0]?.name,
    ]);
    expect(await found(alpha, filter({ q }), 50)).toEqual([]);
  });
});

describe('a search and other tenants', () => {
  it('finds none of theirs, whatever is asked', async () => {
    const own = new Set(known.map(({ id }) => id));
    const queries = [...pieces, '%', "') or true --", "x' | 'y", '報', 'a']
      .map((q) => q.trim())
      .filter(Boolean);
    for (const q of queries) {
      for (const by of ['name', 'words', 'owner'] as const) {
        const { ids } = await searchResources(alpha, filter({ q, by }), null, 1_001);
        expect(ids.filter((id) => !own.has(id))).toEqual([]);
      }
    }
  });

  it('does not go on after a resource of theirs', async () => {
    const theirs = known[0]?.id ?? '';
    const goOn = (id: string) => searchResources(beta, filter({ q: 'a' }), id, 50);
    expect(await goOn(theirs)).toEqual({ ids: [], counted: 0 });
    expect(await goOn(newId())).toEqual({ ids: [], counted: 0 });
  });

  it('finds nothing without a tenant, and refuses a forged one', async () => {
    const ask = "select search.resources('a', null, null, null, null, null, 'all', null, 50)";
    const asApp = async (before: string) => {
      await database.owner.query('begin');
      try {
        await database.owner.query('set local role tenantry_app');
        await database.owner.query(before);
        return (await database.owner.query(ask)).rows;
      } finally {
        await database.owner.query('rollback');
      }
    };
    expect(await asApp('select 1')).toEqual([]);
    await expect(asApp(`select public.use_tenant('${alpha.tenantId}')`)).rejects.toMatchObject({
      code: 'TC001',
    });
  });

  it('acts as a role that can do nothing but read what is searched', async () => {
    const { rows } = await database.owner.query(
      `select r.rolcanlogin or r.rolsuper or r.rolbypassrls or r.rolcreaterole as powerful,
              (select array_agg(table_name || '.' || column_name || ' ' || privilege_type order by 1)
                 from information_schema.column_privileges where grantee = r.rolname) as columns,
              (select count(*)::int from information_schema.table_privileges where grantee = r.rolname) as tables
         from pg_roles r where r.rolname = 'tenantry_search'`,
    );
    const columns = [
      'attributes',
      'connection_id',
      'gone_at',
      'id',
      'kind',
      'sort_name',
      'tenant_id',
    ];
    expect(rows).toEqual([
      { powerful: false, columns: columns.map((name) => `resources.${name} SELECT`), tables: 0 },
    ]);
  });
});

describe('what a search reads', () => {
  /** Pages of 8 kB; the fewest of some runs, as the first ones also read the catalogue. */
  async function pagesRead(q: string): Promise<number> {
    const counts: number[] = [];
    for (let run = 0; run < 5; run += 1) {
      const lines = await database.explain(
        alpha,
        sql`select search.resources(${q}, null, null, null, null, null, 'all', null, 51)`,
        'analyze, buffers, costs off, timing off, summary off',
      );
      const hits = lines.map((line) => /Buffers: shared hit=(\d+)/.exec(line)?.[1]);
      counts.push(Number(hits.find(Boolean)));
    }
    return Math.min(...counts);
  }

  it('is the same for what other tenants have a lot of and for what nobody has', async () => {
    await database.owner.query(
      `insert into resources (tenant_id, id, connection_id, kind, provider_id, name, last_seen_in)
       select tenant_id, gen_random_uuid(), id, 'file', 'zebra-' || n, 'zebra ' || n, gen_random_uuid()
         from connections, generate_series(1, 5000) n where tenant_id = $1`,
      [beta.tenantId],
    );
    await database.owner.query('vacuum analyze resources');
    const nobodys = await pagesRead('zyxwv');
    expect(Math.abs((await pagesRead('zebra')) - nobodys)).toBeLessThan(10);
  });
});

describe('a search by words', () => {
  /** Milliseconds, of the quickest of some runs. */
  async function quickest(work: () => Promise<unknown>): Promise<number> {
    const runs: number[] = [];
    for (let run = 0; run < 3; run += 1) {
      const start = performance.now();
      await work();
      runs.push(performance.now() - start);
    }
    return Math.min(...runs);
  }

  const byWords = (context: TenantContext, q: string) =>
    quickest(() => searchResources(context, filter({ q, by: 'words' }), null, 51, 101));

  it('takes no longer by many words, where the first names have all and the others nearly all', async () => {
    const context = await database.createTenant();
    const words = letters(40);
    const names = Array.from({ length: 8_000 }, (_, n) => {
      const last = n < 1_400 && n % 50 === 0 ? words.at(-1) : `x${words.at(-1)}`;
      return `${String(n).padStart(4, '0')} ${words.slice(0, -1).join(' ')} ${last}`;
    });
    await fillWithNames(database, context, names);
    await database.owner.query('vacuum analyze resources');
    const some = await byWords(context, words.slice(-16).join(' '));
    expect(await byWords(context, words.join(' '))).toBeLessThan(3 * some);
  });

  it('reads long descriptions as they are', async () => {
    const context = await database.createTenant();
    const description = Array.from({ length: 200 }, (_, n) => `described-${n}`).join(' ');
    const names = Array.from(
      { length: 3_000 },
      (_, n) => `${String(n).padStart(4, '0')}${n % 50 === 0 ? ' found' : ''}`,
    );
    await fillWithNames(database, context, names, { description });
    await database.owner.query('vacuum analyze resources');
    const search = await byWords(context, 'found');
    const takenApart = await quickest(() =>
      database.owner.query(
        'select max(search.resource_words(sort_name, attributes)) from resources where tenant_id = $1',
        [context.tenantId],
      ),
    );
    expect(search).toBeLessThan(takenApart / 4);
  });
});
