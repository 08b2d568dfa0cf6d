import type { Pool } from 'pg';
import { type ListedEndpoint, nameOf } from '../endpoints';
import type { Tenant } from './cast';
import { makeWorld, type World } from './world';

/** What must have come to pass before an endpoint does its work. */
const readied: Readonly<Record<string, (pool: Pool, world: World) => Promise<unknown>>> = {
  // Its runs wait for their turn; only what has ended is run again.
  'app/(tenant)/runs/actions.ts#rerun': (pool, { tenant, rows }) =>
    pool.query(
      `update runs set state = 'succeeded', finished_at = now() where tenant_id = $1 and id = $2`,
      [tenant, rows.get('runs')],
    ),
};

/** One of everything of a tenant's, made for one endpoint that is to do its work with it. */
export async function worldFor(
  pool: Pool,
  endpoint: ListedEndpoint,
  { id, mark }: Pick<Tenant, 'id' | 'mark'>,
): Promise<World> {
  const world = await makeWorld(pool, id, mark);
  await readied[nameOf(endpoint)]?.(pool, world);
  return world;
}
