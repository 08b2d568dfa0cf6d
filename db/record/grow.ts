import type { ClientBase } from 'pg';
import type { AuditEventId, TenantId } from '../ids';
import { acrossTenantsMark } from '../observe';

/** A tenant's tree as it stands. */
export interface TreeState {
  readonly tenantId: TenantId;
  readonly origin: string;
  readonly size: number;
  readonly frontier: Buffer;
}

/** A tree that has grown. */
export interface GrownTree extends TreeState {
  /** Its size before: the row must still have it. */
  readonly before: number;
  readonly leaves: readonly {
    readonly id: AuditEventId;
    readonly sequence: number;
    readonly leaf: string;
  }[];
  /** Hashes behind those that each tile has. */
  readonly tiles: readonly {
    readonly level: number;
    readonly position: number;
    readonly hashes: Buffer;
  }[];
}

/** An event that could not be sealed now. */
export interface Delayed {
  readonly tenantId: TenantId;
  readonly id: AuditEventId;
  readonly reason: string;
}

/** What has become of a batch of events. */
export interface Growth {
  readonly trees: readonly GrownTree[];
  readonly delayed: readonly Delayed[];
}

/** Thrown when a tree is not as it was when its growth was worked out; nothing was written. */
export class TreeMovedError extends Error {
  override readonly name = 'TreeMovedError';
}

const sealed = acrossTenantsMark(
  'the record of all tenants is sealed, in the order it was written',
);

/** The trees of these tenants; one that has none yet is not among them. */
export async function treesOf(
  client: ClientBase,
  tenantIds: readonly TenantId[],
): Promise<TreeState[]> {
  const { rows } = await client.query<TreeState>({
    name: 'record-trees',
    text: `${sealed} select tenant_id as "tenantId", origin, size::float8 as size, frontier
             from record_trees where tenant_id = any($1) and id = tenant_id`,
    values: [tenantIds],
  });
  return rows;
}

async function writeTrees(client: ClientBase, trees: readonly GrownTree[]): Promise<void> {
  const made = trees.filter(({ before }) => before === 0);
  const grown = trees.filter(({ before }) => before > 0);
  const columns = (list: readonly GrownTree[]) => [
    list.map(({ tenantId }) => tenantId),
    list.map(({ size }) => size),
    list.map(({ frontier }) => frontier),
  ];
  const { rowCount: inserted } = await client.query(
    `insert into record_trees (tenant_id, id, size, frontier, origin)
     select tenant, tenant, size, frontier, origin
       from unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::text[]) t(tenant, size, frontier, origin)
     on conflict do nothing`,
    [...columns(made), made.map(({ origin }) => origin)],
  );
  const { rowCount: updated } = await client.query(
    `update record_trees set size = t.size, frontier = t.frontier, grown_at = now()
       from unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bigint[]) t(tenant, size, frontier, before)
      where tenant_id = t.tenant and id = t.tenant and record_trees.size = t.before`,
    [...columns(grown), grown.map(({ before }) => before)],
  );
  if (inserted === made.length && updated === grown.length) return;
  throw new TreeMovedError('A tree has grown meanwhile.');
}

/** Write down how trees have grown, all of it or nothing. @throws TreeMovedError */
export async function writeGrowth(client: ClientBase, trees: readonly GrownTree[]): Promise<void> {
  if (trees.length === 0) return;
  await writeTrees(client, trees);
  const leaves = trees.flatMap(({ tenantId, leaves: own }) =>
    own.map((leaf) => ({ tenantId, ...leaf })),
  );
  await client.query(
    `insert into record_leaves (tenant_id, id, sequence, leaf)
     select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[])`,
    [
      leaves.map(({ tenantId }) => tenantId),
      leaves.map(({ id }) => id),
      leaves.map(({ sequence }) => sequence),
      leaves.map(({ leaf }) => leaf),
    ],
  );
  const tiles = trees.flatMap(({ tenantId, tiles: own }) =>
    own.map((tile) => ({ tenantId, ...tile })),
  );
  await client.query(
    `insert into record_tiles (tenant_id, id, level, position, hashes)
     select tenant, gen_random_uuid(), level, position, hashes
       from unnest($1::uuid[], $2::smallint[], $3::bigint[], $4::bytea[])
              t(tenant, level, position, hashes)
     on conflict (tenant_id, level, position)
     do update set hashes = record_tiles.hashes || excluded.hashes`,
    [
      tiles.map(({ tenantId }) => tenantId),
      tiles.map(({ level }) => level),
      tiles.map(({ position }) => position),
      tiles.map(({ hashes }) => hashes),
    ],
  );
}

/** Keep events for another try; the wait doubles, up to ten minutes. */
export async function delay(client: ClientBase, delayed: readonly Delayed[]): Promise<void> {
  if (delayed.length === 0) return;
  await client.query(
    `insert into record_waiting (tenant_id, id, reason, retry_at)
     select tenant, event, reason, now() + interval '2 seconds'
       from unnest($1::uuid[], $2::uuid[], $3::text[]) d(tenant, event, reason)
     on conflict (tenant_id, id) do update
       set reason = excluded.reason, tries = record_waiting.tries + 1,
           retry_at = now() + least(interval '10 minutes',
                                    interval '2 seconds' * power(2, least(record_waiting.tries, 12)))`,
    [
      delayed.map(({ tenantId }) => tenantId),
      delayed.map(({ id }) => id),
      delayed.map(({ reason }) => reason),
    ],
  );
}
