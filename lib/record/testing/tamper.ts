import { newId, type record, type TenantId } from '@/db';
import { canonical, type Leaf } from '../leaf';
import { Frontier, leafHash, tileWidth } from '../tree';

type RecordReader = record.RecordReader;

/** Draws from 0 up to, not including, `below`. */
export type Draw = (below: number) => number;

/** Always the same numbers for a seed (mulberry32). */
export function seeded(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

interface Place {
  readonly client: RecordReader;
  readonly tenantId: TenantId;
  readonly draw: Draw;
}
type Tamper = (place: Place) => Promise<void>;

interface LeafRow {
  readonly id: string;
  readonly sequence: number;
  readonly leaf: string;
}

const run = (client: RecordReader, text: string, values: unknown[] = []) =>
  client.query<Record<string, unknown>>(text, values);

async function leavesOf({ client, tenantId }: Place): Promise<LeafRow[]> {
  const { rows } = await client.query<LeafRow>(
    `select id, sequence::int as sequence, leaf from record_leaves
      where tenant_id = $1 order by sequence`,
    [tenantId],
  );
  return rows;
}

async function anyLeaf(place: Place): Promise<LeafRow> {
  const leaves = await leavesOf(place);
  return leaves[place.draw(leaves.length)] as LeafRow;
}

/** Leaves, tiles and tree as if these had always been the leaves: all but the signatures. */
async function regrow(place: Place, leaves: readonly LeafRow[]): Promise<void> {
  const { client, tenantId } = place;
  const frontier = new Frontier();
  const tiles = new Map<string, Buffer[]>();
  for (const table of ['record_leaves', 'record_tiles']) {
    await run(client, `delete from ${table} where tenant_id = $1`, [tenantId]);
  }
  for (const [sequence, { id, leaf }] of leaves.entries()) {
    const text = canonical({ ...(JSON.parse(leaf) as Leaf), sequence });
    for (const { level, index, hash } of frontier.append(leafHash(text))) {
      const key = `${level}/${Math.floor(index / tileWidth)}`;
      tiles.set(key, [...(tiles.get(key) ?? []), Buffer.from(hash)]);
    }
    await run(
      client,
      'insert into record_leaves (tenant_id, id, sequence, leaf) values ($1, $2, $3, $4)',
      [tenantId, id, sequence, text],
    );
  }
  for (const [key, hashes] of tiles) {
    const [level, position] = key.split('/').map(Number);
    await run(
      client,
      `insert into record_tiles (tenant_id, id, level, position, hashes)
       values ($1, gen_random_uuid(), $2, $3, $4)`,
      [tenantId, level, position, Buffer.concat(hashes)],
    );
  }
  await run(client, 'update record_trees set size = $2, frontier = $3 where tenant_id = $1', [
    tenantId,
    frontier.size,
    frontier.bytes,
  ]);
}

/** Checkpoints in the database that would tell. */
async function forgetCheckpoints({ client, tenantId }: Place): Promise<void> {
  await run(client, 'delete from record_checkpoints where tenant_id = $1', [tenantId]);
  await run(
    client,
    'update record_trees set checkpoint_size = 0, checkpoint_at = null where tenant_id = $1',
    [tenantId],
  );
}

/** What can be changed about a row, as an SQL expression of the row. */
const edits: readonly string[] = [
  "created_at = created_at + interval '1 microsecond'",
  "created_at = created_at - interval '3 days'",
  "actor_type = case actor_type when 'system' then 'member' else 'system' end",
  'actor_id = gen_random_uuid()',
  "actor_name = actor_name || ' '",
  "action = action || '_'",
  "target_type = target_type || 's'",
  'target_id = gen_random_uuid()::text',
  'target_name = upper(target_name) || md5(target_name)',
  "outcome = case outcome when 'success' then 'denied' else 'success' end",
  "request_id = request_id || 'x'",
  'run_id = gen_random_uuid()',
  'connection_id = gen_random_uuid()',
  "ip_address = coalesce(ip_address, '') || '1'",
  "user_agent = coalesce(user_agent, '') || '.'",
  `details = details || '{"forged": 9007199254740993}'`,
  'id = gen_random_uuid()',
  'tenant_id = gen_random_uuid()',
];

const edit: Tamper = async (place) => {
  const { id } = await anyLeaf(place);
  const change = edits[place.draw(edits.length)];
  await run(place.client, `update audit_events set ${change} where tenant_id = $1 and id = $2`, [
    place.tenantId,
    id,
  ]);
};

/** Makes a denial of a success, in row and leaf alike. @returns the leaves as they ought to be then */
async function forgeLeaf(place: Place): Promise<LeafRow[]> {
  const leaves = await leavesOf(place);
  const at = place.draw(leaves.length);
  const row = leaves[at] as LeafRow;
  const leaf = JSON.parse(row.leaf) as Leaf;
  const forged = canonical({ ...leaf, event: { ...leaf.event, outcome: 'denied' } });
  await run(
    place.client,
    "update audit_events set outcome = 'denied' where tenant_id = $1 and id = $2",
    [place.tenantId, row.id],
  );
  await run(place.client, 'update record_leaves set leaf = $3 where tenant_id = $1 and id = $2', [
    place.tenantId,
    row.id,
    forged,
  ]);
  return leaves.with(at, { ...row, leaf: forged });
}

/** Changes an event so that everything in the database fits. */
export async function forgeOutcome(place: Place): Promise<void> {
  await regrow(place, await forgeLeaf(place));
}

/** Edits the open part of row and leaf alike; some also make the whole tree fit. */
const editAlike: Tamper = async (place) => {
  const leaves = await forgeLeaf(place);
  if (place.draw(3) === 0) return;
  await regrow(place, leaves);
  if (place.draw(2) === 0) await forgetCheckpoints(place);
};

const remove: Tamper = async (place) => {
  const leaves = await leavesOf(place);
  const at = place.draw(leaves.length);
  const { id } = leaves[at] as LeafRow;
  await run(place.client, 'delete from audit_events where tenant_id = $1 and id = $2', [
    place.tenantId,
    id,
  ]);
  const depth = place.draw(4);
  if (depth === 0) return;
  if (depth === 1) {
    await run(place.client, 'delete from record_leaves where tenant_id = $1 and id = $2', [
      place.tenantId,
      id,
    ]);
    return;
  }
  await regrow(place, leaves.toSpliced(at, 1));
  if (depth === 3) await forgetCheckpoints(place);
};

/** Among the sealed ones: an event dated behind them all is a new one, and is sealed as such. */
const insert: Tamper = async (place) => {
  const leaves = await leavesOf(place);
  const at = place.draw(leaves.length - 1);
  const like = leaves[at] as LeafRow;
  const id = newId();
  const columns = `actor_type, actor_id, actor_name, action, target_type, target_id, target_name,
    outcome, request_id, run_id, connection_id, ip_address, user_agent, details`;
  const writtenIn = place.draw(2) === 0 ? 'written_in' : 'pg_current_xact_id()';
  await run(
    place.client,
    `insert into audit_events (tenant_id, id, created_at, written_in, ${columns})
     select tenant_id, $3, created_at + interval '1 second', ${writtenIn}, ${columns}
       from audit_events where tenant_id = $1 and id = $2`,
    [place.tenantId, like.id, id],
  );
  if (place.draw(2) === 0) return;
  const leaf = JSON.parse(like.leaf) as Leaf;
  const forged = canonical({ ...leaf, event: { ...leaf.event, id } });
  await regrow(place, leaves.toSpliced(at, 0, { ...like, id, leaf: forged }));
  if (place.draw(2) === 0) await forgetCheckpoints(place);
};

const reorder: Tamper = async (place) => {
  const leaves = await leavesOf(place);
  const one = place.draw(leaves.length - 1);
  const other = one + 1 + place.draw(leaves.length - one - 1);
  const swapped = [...leaves];
  [swapped[one], swapped[other]] = [leaves[other] as LeafRow, leaves[one] as LeafRow];
  if (place.draw(2) === 0) {
    await regrow(place, swapped);
    if (place.draw(2) === 0) await forgetCheckpoints(place);
    return;
  }
  await run(
    place.client,
    `update record_leaves l set sequence = -1 - o.sequence from record_leaves o
      where l.tenant_id = $1 and o.tenant_id = $1
        and (l.id, o.id) in (($2::uuid, $3::uuid), ($3::uuid, $2::uuid))`,
    [place.tenantId, leaves[one]?.id, leaves[other]?.id],
  );
  await run(
    place.client,
    'update record_leaves set sequence = -1 - sequence where tenant_id = $1 and sequence < 0',
    [place.tenantId],
  );
};

const truncate: Tamper = async (place) => {
  const leaves = await leavesOf(place);
  const kept = place.draw(leaves.length);
  const gone = leaves.slice(kept).map(({ id }) => id);
  await run(place.client, 'delete from audit_events where tenant_id = $1 and id = any($2)', [
    place.tenantId,
    gone,
  ]);
  if (place.draw(3) === 0) return;
  await regrow(place, leaves.slice(0, kept));
  await forgetCheckpoints(place);
};

/** Everything that is known of the tenant's record, at once. */
const wipe: Tamper = async (place) => {
  const tables = [
    'audit_events',
    'record_leaves',
    'record_tiles',
    'record_checkpoints',
    'record_trees',
  ];
  const from = place.draw(tables.length);
  for (const table of tables.slice(from)) {
    await run(place.client, `delete from ${table} where tenant_id = $1`, [place.tenantId]);
  }
};

const editTree: Tamper = async (place) => {
  const statements = [
    'update record_tiles set hashes = set_byte(hashes, 5, (get_byte(hashes, 5) + 1) % 256) where tenant_id = $1',
    'update record_trees set size = size - 1 where tenant_id = $1',
    'update record_trees set frontier = set_byte(frontier, 0, (get_byte(frontier, 0) + 1) % 256) where tenant_id = $1',
    "update record_checkpoints set note = replace(note, '/tenants/', '/tenant/') where tenant_id = $1",
    "update record_leaves set leaf = leaf || ' ' where tenant_id = $1 and sequence = 3",
    'delete from record_tiles where tenant_id = $1',
  ];
  await run(place.client, statements[place.draw(statements.length)] ?? '', [place.tenantId]);
};

const kinds = { edit, editAlike, remove, insert, reorder, truncate, wipe, editTree };

/**
 * Do something to a tenant's record that a superuser of the database could do.
 * @returns what was done, in a word
 */
export async function tamper(place: Place): Promise<keyof typeof kinds> {
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const kind = names[place.draw(names.length)] as keyof typeof kinds;
  await kinds[kind](place);
  return kind;
}
