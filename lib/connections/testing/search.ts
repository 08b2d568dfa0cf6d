import { type ConnectionId, newId, type ResourceId, type TenantContext } from '@/db';
import type { TestDatabase } from '@/db/testing';
import type { ResourceFilter } from '../contract';

/** A resource as a search is judged by. */
export interface Known {
  readonly id: ResourceId;
  readonly name: string;
  readonly sort_name: string;
  readonly kind: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly gone: boolean;
}

/** The same numbers each time, so that a failure can be seen again (mulberry32). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
export const random = seeded(20_261_121);
export const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;

/** What names are made of: scripts, signs of patterns, of queries and of quoting. */
export const pieces = [
  ...['annual', 'Report', 'budget', 'Äpfel', 'ΔΕΛΤΑ', 'отчёт', '報告書', '契約', 'naïve', '🦊 fox'],
  ...['100%', 'a_b', 'back\\slash', "O'Neil", '"quoted"', '.*', '(x)', '[y]', '^$', ':*', '&', '|'],
  ...['2026', '7', 'x', 'ab', ' ', '  ', '-', '<->', '!', "''", '\t'],
];
const someName = () =>
  Array.from({ length: 1 + random(4) }, () => pick(pieces)).join(pick([' ', '-', '', '_', '. ']));
const someAttributes = () => ({
  owner: pick(['ada@example.com', 'bob@example.com', "o'neil@example.com", 'a\\b']),
  mimeType: pick(['application/pdf', 'text/plain']),
  ...(random(5) === 0 && { description: `${pick(pieces)}\n${pick(pieces)} of ${pick(pieces)}` }),
});

interface Row {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly kind?: string;
  readonly gone?: boolean;
}

/** A connection with these resources. */
async function fill(
  database: TestDatabase,
  { tenantId }: TenantContext,
  rows: readonly Row[],
): Promise<ConnectionId> {
  const connection = newId<ConnectionId>();
  await database.owner.query(
    `insert into connections (tenant_id, id, provider, created_by) values ($1, $2, 'google', $3)`,
    [tenantId, connection, newId()],
  );
  await database.owner.query(
    `insert into resources (tenant_id, id, connection_id, kind, provider_id, name, attributes, gone_at, last_seen_in)
     select $1, gen_random_uuid(), $2, coalesce(v.kind, 'file'), v.n::text, v.name, v.attributes,
            case when v.gone then now() end, gen_random_uuid()
       from jsonb_to_recordset($3) v(name text, attributes jsonb, kind text, gone boolean, n int)`,
    [tenantId, connection, JSON.stringify(rows.map((row, n) => ({ ...row, n })))],
  );
  return connection;
}

/** A connection with files of these names. */
export const fillWithNames = (
  database: TestDatabase,
  context: TenantContext,
  names: readonly string[],
  attributes: Row['attributes'] = {},
) =>
  fill(
    database,
    context,
    names.map((name) => ({ name, attributes })),
  );

/** A connection with so many resources of odd names; some are folders, some are gone. */
export const fillWithOddNames = (database: TestDatabase, context: TenantContext, rows: number) =>
  fill(
    database,
    context,
    Array.from({ length: rows }, () => ({
      name: someName(),
      attributes: someAttributes(),
      kind: random(40) === 0 ? 'folder' : 'file',
      gone: random(60) === 0,
    })),
  );

const separators = /[\s!-/:-@[-`{-~\u00a0-\u00bf\u2010-\u2026\u3000-\u3002]+/u;
const wordsOf = (text: string) => text.toLowerCase().split(separators).filter(Boolean);

/** What the definition of a search says, row by row. */
export function fits(given: ResourceFilter, row: Known, needle: string): boolean {
  if (given.kind && row.kind !== given.kind) return false;
  if (given.presence !== 'all' && row.gone !== (given.presence === 'gone')) return false;
  if (!given.q) return true;
  if (given.by === 'words') {
    const wanted = wordsOf(given.q);
    const there = wordsOf(`${row.name} ${row.attributes.description ?? ''}`);
    return wanted.every((word, at) =>
      there.some((one) => (at === wanted.length - 1 ? one.startsWith(word) : one === word)),
    );
  }
  if (given.by && given.by !== 'name') return row.attributes[given.by] === given.q;
  return row.sort_name.includes(needle);
}
