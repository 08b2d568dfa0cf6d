import { record as store, type TenantId } from '@/db';
import { env } from '@/lib/env';
import { logger } from '@/lib/observability';
import { canonical, leafOf, personalOf } from './leaf';
import { eventKeys, sealPersonal } from './personal';
import { tenantRecordKey } from './tenant-key';
import { Frontier, leafHash, type TileNode, tileWidth } from './tree';

type Event = store.StoredEvent;

/** Events of one transaction of the sealing. */
const batch = 1_000;

/**
 * The name of a tenant's log in its checkpoints. It says whose log it is, not where it is found; a tree
 * keeps the one that it was begun with.
 */
export function originOf(tenantId: TenantId): string {
  return `${new URL(env.APP_URL).host}/tenants/${tenantId}`;
}

/** Nodes as what is put behind the hashes that tiles have. */
function tilesOf(nodes: readonly TileNode[]): store.GrownTree['tiles'] {
  const tiles = new Map<string, { level: number; position: number; hashes: Uint8Array[] }>();
  for (const { level, index, hash } of nodes) {
    const position = Math.floor(index / tileWidth);
    const key = `${level}/${position}`;
    const tile = tiles.get(key) ?? { level, position, hashes: [] };
    tile.hashes.push(hash);
    tiles.set(key, tile);
  }
  return [...tiles.values()].map((tile) => ({ ...tile, hashes: Buffer.concat(tile.hashes) }));
}

async function growTree(
  tenantId: TenantId,
  events: readonly Event[],
  tree: store.TreeState | undefined,
): Promise<store.GrownTree> {
  const key = await tenantRecordKey(tenantId);
  const keyOf = key && eventKeys(key, tenantId);
  const frontier = new Frontier(tree?.size, tree?.frontier);
  const before = frontier.size;
  const nodes: TileNode[] = [];
  const leaves = events.map((event, at) => {
    const sequence = before + at;
    const personal = keyOf && sealPersonal(keyOf(event.id), personalOf(event));
    const leaf = canonical(leafOf(event, sequence, personal));
    nodes.push(...frontier.append(leafHash(leaf)));
    return { id: event.id, sequence, leaf };
  });
  return {
    tenantId,
    origin: tree?.origin ?? originOf(tenantId),
    before,
    size: frontier.size,
    frontier: frontier.bytes,
    leaves,
    tiles: tilesOf(nodes),
  };
}

/** One tenant whose key does not open keeps nobody else waiting: its events wait by themselves. */
const grow: store.Grow = async (events, trees) => {
  const byTenant = groupByTenant(events);
  const grown = await Promise.all(
    [...byTenant].map(async ([tenantId, own]) => {
      try {
        return { tree: await growTree(tenantId, own, trees.get(tenantId)), delayed: [] };
      } catch (error) {
        logger.warn({ err: error, tenant_id: tenantId }, 'Events cannot be sealed now');
        const reason = error instanceof Error ? error.name : 'unknown';
        return { tree: null, delayed: own.map(({ id }) => ({ tenantId, id, reason })) };
      }
    }),
  );
  return {
    trees: grown.flatMap(({ tree }) => tree ?? []),
    delayed: grown.flatMap(({ delayed }) => delayed),
  };
};

function groupByTenant(events: readonly Event[]): Map<TenantId, Event[]> {
  const groups = new Map<TenantId, Event[]>();
  for (const event of events) {
    const own = groups.get(event.tenantId);
    if (own) own.push(event);
    else groups.set(event.tenantId, [event]);
  }
  return groups;
}

/**
 * Give every event of all tenants that has none its leaf.
 * @param keepOn asked between batches
 * @returns how many got one; 0 while another process is at it
 */
export async function sealRecord(keepOn: () => boolean = () => true): Promise<number> {
  let events = 0;
  for (const step of [store.sealNext, store.sealWaiting]) {
    let more = true;
    while (more && keepOn()) {
      const sealed = await step(batch, grow);
      events += sealed.events;
      more = sealed.more;
    }
  }
  return events;
}
