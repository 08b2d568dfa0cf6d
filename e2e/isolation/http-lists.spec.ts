import { nameOf } from '../support/endpoints';
import { type Answer, essenceOf } from '../support/isolation/ask';
import type { Caller } from '../support/isolation/caller';
import { type Cast, crowd, makeTenant, type Tenant } from '../support/isolation/cast';
import { expect, test } from '../support/isolation/fixtures';
import { read, readable, ways } from '../support/isolation/reading';
import { call, each, idIn, inputFor } from '../support/isolation/walk';
import { makeWorld, tenantTables } from '../support/isolation/world';

/** Lists, searches, counts, exports and cursors: what is in them, and what is not. */

test.setTimeout(480_000);

test('the victim has a text of theirs in every column that can hold one', async ({
  cast: { pool, victim },
  report,
}) => {
  const columns = tenantTables.flatMap(({ name, columns }) =>
    columns
      .filter((column) => !column.enumValues?.length && !column.generated)
      .filter((column) => /^(?:text|jsonb)/.test(column.getSQLType()))
      .map((column) => ({ table: name, column: column.name })),
  );
  const bare: string[] = [];
  for (const { table, column } of columns) {
    const { rows } = await pool.query(
      `select 1 from "${table}" where tenant_id = $1 and "${column}"::text like '%' || $2 || '%' limit 1`,
      [victim.id, victim.mark],
    );
    if (rows.length === 0) bare.push(`${table}.${column}: make world.ts plant a text there`);
  }
  expect(bare).toEqual([]);
  report({
    attack: 'app: a canary in every text',
    cases: columns.length,
    tried: 'Each text and JSON column of the victim’s rows holds a word that stands nowhere else.',
  });
});

type Essence = ReturnType<typeof essenceOf>;

/** Of those who may read it, whose answer shows a text of the tenant's own. */
const shows = (body: string, mark: string) => body.includes(mark);

test('no answer to anybody holds a text of another tenant', async ({ cast, report }) => {
  const { attacker, victim, others, watch } = cast;
  const askers: Caller[] = [...Object.values(attacker.members), others.nobody];
  const from = watch.answers;
  const cases = readable().flatMap((endpoint) =>
    Object.entries(endpoint.form === 'page' ? ways : { document: {} }).flatMap(([way, headers]) =>
      askers.map((caller) => ({ endpoint, way, headers, caller })),
    ),
  );
  const answers = await each(cases, ({ endpoint, headers, caller }) =>
    read(cast, caller, endpoint, attacker.world, headers),
  );
  // Moves and prefetches were answered as such, and not as documents.
  const asData = ({ headers }: Answer) => headers['content-type']?.startsWith('text/x-component');
  expect(answers.filter(asData).length).toBeGreaterThan(cases.length / 4);
  // The same places show their owner plenty of it, so that its absence says something.
  const shown = await each(readable('tenant'), async (endpoint) => {
    const answer = await read(cast, victim.members.owner, endpoint, victim.world);
    return shows(answer.body, victim.mark);
  });
  expect(shown.filter(Boolean).length).toBeGreaterThanOrEqual(20);
  expect(watch.leaks).toEqual([]);
  report({
    attack: 'app: list, search, count and export',
    cases: watch.answers - from,
    tried:
      'Every page (as a document, as a move and as a prefetch) and every route was read by every role and by nobody: the victim’s word was in none of the answers, and in those to the victim it was.',
  });
});

/** Where two answers part, in a few words of each, so that a failure says what to look for. */
function difference(before: string, after: string): string {
  const [one, two] = [before, after].map((text) => JSON.parse(text) as Essence);
  const parts = one?.parts.filter((part) => !two?.parts.includes(part)).length;
  const [said, now] = [one, two].map((each) =>
    [...(each?.headers ?? []), ...(each?.parts ?? [])].join('\n'),
  );
  let at = 0;
  while (at < (said ?? '').length && said?.[at] === now?.[at]) at += 1;
  const near = (text = '') => text.slice(Math.max(0, at - 80), at + 120);
  return `${one?.bytes} → ${two?.bytes} bytes, ${parts} parts; …${near(said)}… → …${near(now)}…`;
}

/** The record is signed by the clock: not now, so that nothing of it differs by itself. */
async function signLater({ pool }: Cast, { id }: Tenant): Promise<void> {
  const own = 'from record_trees where tenant_id = $1 and id = $1';
  // What is being signed is signed first.
  const signed = async () =>
    (await pool.query(`select ${own} and size > 0 and size = checkpoint_size`, [id])).rowCount;
  await expect.poll(signed, { timeout: 90_000 }).toBe(1);
  await pool.query(
    `update record_trees set checkpoint_at = now() + interval '1 hour' where tenant_id = $1 and id = $1`,
    [id],
  );
}

test('rows of another tenant change nothing that is counted or listed', async ({
  cast,
  report,
}) => {
  const { victim, pool, watch } = cast;
  // Whose people have set nothing going: it would go on by itself, and show.
  const attacker = await makeTenant(cast, `lists${crypto.randomUUID().slice(0, 8)}`, watch);
  const endpoints = readable('tenant');
  const look = () =>
    each(endpoints, async (endpoint) =>
      JSON.stringify(essenceOf(await read(cast, attacker.members.owner, endpoint, attacker.world))),
    );
  const changed = async (tries: number): Promise<readonly string[]> => {
    const [first, before] = [await look(), await look()];
    await makeWorld(pool, victim.id, victim.mark);
    await crowd(pool, victim, 5);
    const after = await look();
    // What looking by itself changes: the record of looking.
    const settled = endpoints.map((_, at) => first[at] === before[at]);
    const restless = settled.filter((each) => !each).length;
    if (restless >= 10 && tries > 1) return changed(tries - 1);
    expect(restless).toBeLessThan(10);
    const different = endpoints.flatMap((endpoint, at) =>
      settled[at] && before[at] !== after[at]
        ? [`${nameOf(endpoint)}: ${difference(before[at] ?? '', after[at] ?? '')}`]
        : [],
    );
    // One's own background work may have come in between.
    return different.length > 0 && tries > 1 ? changed(tries - 1) : different;
  };
  await signLater(cast, attacker);
  expect(await changed(4)).toEqual([]);
  report({
    attack: 'app: counts that foreign rows change',
    cases: endpoints.length,
    tried: 'Every page and route was read before and after the victim got more of everything.',
  });
});

const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The same place in time, and nobody's. */
function nobodys(cursor: string): string {
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  const other = position.replaceAll(
    uuids,
    (id) => `${id.slice(0, 24)}${crypto.randomUUID().slice(24)}`,
  );
  return Buffer.from(other).toString('base64url');
}

const lists = () =>
  readable('tenant').filter((one) => one.form === 'route' && one.query?.properties?.cursor);

/** A list's address with the ids of one tenant and a cursor. */
function listed(cast: Cast, endpoint: ReturnType<typeof lists>[number], cursor?: string) {
  const { world } = cast.attacker;
  const { path } = inputFor(endpoint, { world, id: (kind) => idIn(world, kind, cast.outbox) });
  return cursor === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`;
}

test('a cursor that another tenant was given leads to nothing of theirs', async ({
  cast,
  report,
}) => {
  const { attacker, victim, outbox } = cast;
  const wrong = await each(lists(), async (endpoint) => {
    const filling = { world: victim.world, id: (kind: string) => idIn(victim.world, kind, outbox) };
    const theirs = await call(victim.members.owner, endpoint, filling);
    const { items, nextCursor } = JSON.parse(theirs.body) as {
      items: readonly { id?: string }[];
      nextCursor: string | null;
    };
    if (!nextCursor) return [`${nameOf(endpoint)}: give the victim a second page, in cast.ts`];
    const { owner } = attacker.members;
    const foreign = await owner.ask(listed(cast, endpoint, nextCursor));
    const absent = await owner.ask(listed(cast, endpoint, nobodys(nextCursor)));
    const ids = items.flatMap(({ id }) => id ?? []);
    if (ids.some((id) => foreign.body.includes(id))) return [`${nameOf(endpoint)}: their rows`];
    const [a, b] = [essenceOf(foreign), essenceOf(absent)];
    return JSON.stringify(a) === JSON.stringify(b)
      ? []
      : [
          `${nameOf(endpoint)}: ${foreign.status} ${foreign.body} ≠ ${absent.status} ${absent.body}`,
        ];
  });
  expect(wrong.flat()).toEqual([]);
  report({
    attack: 'app: a cursor of another tenant',
    cases: lists().length * 2,
    tried:
      'The cursor of the victim’s second page was used in the attacker’s list, beside one that names no row.',
  });
});

test('a search for another tenant’s words finds nothing', async ({ cast, report }) => {
  const { attacker, victim } = cast;
  const searches = readable('tenant').filter(
    (one) => one.form === 'route' && one.query?.properties?.q,
  );
  expect(searches.length).toBeGreaterThan(0);
  // Of two characters as well: some searches begin there.
  const foreign = [victim.mark, victim.mark.slice(0, 6), '%', '%%', '_', '__'];
  for (const endpoint of searches) {
    const [path, given] = listed(cast, endpoint).split('?');
    const find = async (q: string) => {
      const query = new URLSearchParams(given);
      query.set('q', q);
      const { status, body } = await attacker.members.owner.ask(`${path}?${query}`);
      expect(status, `${nameOf(endpoint)} ${q}`).toBe(200);
      const answer = JSON.parse(body) as { items?: unknown[]; hits?: unknown[] };
      const found = answer.items ?? answer.hits;
      if (!found) throw new Error(`${nameOf(endpoint)}: say under what name its rows are.`);
      return found;
    };
    expect(await find(attacker.mark), nameOf(endpoint)).not.toEqual([]);
    for (const q of foreign) expect(await find(q), `${nameOf(endpoint)} ${q}`).toEqual([]);
  }
  report({
    attack: 'app: search',
    cases: searches.length * foreign.length,
    tried: 'Every search was asked for the victim’s words, for their beginning and for wildcards.',
  });
});
