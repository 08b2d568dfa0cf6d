import postgres from 'postgres';
import {
  and,
  count,
  eq,
  isNull,
  type QueryParameters,
  type TenantContext,
  tenantDb,
  tenantQuery,
} from '@/db';
import { connections, currentTenant, discoveries, resources } from '@/db/schema';
import type { Report } from '../bench';
import { interleaved, median, ratio, slice } from '../measure';
import type { DoorData } from './data';

/** Statements in one slice. */
const SLICE = 4;

const countAll = (context: TenantContext) =>
  tenantDb(context)
    .select({ n: count() })
    .from(resources)
    .where(eq(resources.tenantId, currentTenant));

const joinAll = tenantQuery('bench_join', (db, p: QueryParameters<Record<never, never>>) =>
  db
    .select({ provider: connections.provider, state: discoveries.state, n: count() })
    .from(resources)
    .innerJoin(
      connections,
      and(eq(connections.tenantId, resources.tenantId), eq(connections.id, resources.connectionId)),
    )
    .innerJoin(
      discoveries,
      and(eq(discoveries.tenantId, resources.tenantId), eq(discoveries.id, resources.lastSeenIn)),
    )
    .where(and(eq(resources.tenantId, p.tenantId), isNull(resources.goneAt)))
    .groupBy(connections.provider, discoveries.state),
);

/** Statements over all rows of the large tenant: a count, and a join of three tables. */
export async function compareLarge(data: DoorData, rounds: number, report: Report): Promise<void> {
  const raw = postgres(data.urls.owner, { max: 1, onnotice: () => {} });
  const { large: tenantId } = data;
  const cases = [
    {
      name: 'count of a large tenant',
      door: () => countAll({ tenantId }),
      floor: () => raw`select count(*)::int as n from resources where tenant_id = ${tenantId}`,
    },
    {
      name: 'join of 3 tables over a large tenant',
      door: () => joinAll({ tenantId }, {}),
      floor: () => raw`
        select c.provider, d.state, count(*)::int as n from resources r
          join connections c on c.tenant_id = r.tenant_id and c.id = r.connection_id
          join discoveries d on d.tenant_id = r.tenant_id and d.id = r.last_seen_in
         where r.tenant_id = ${tenantId} and r.gone_at is null group by c.provider, d.state`,
    },
  ];
  try {
    for (const { name, door, floor } of cases) {
      const [own, base] = await Promise.all([door(), floor()]);
      if (own[0]?.n !== base[0]?.n) throw new Error(`${name}: ${own[0]?.n} and ${base[0]?.n}`);
      const [floors = [], doors = []] = await interleaved(
        [slice(SLICE, 1, floor), slice(SLICE, 1, door)],
        rounds,
      );
      report({ name: `${name}: floor`, value: median(floors), unit: 'ms' });
      report({
        name: `${name}: door`,
        value: ratio(doors, floors),
        unit: '×',
        goal: { atMost: 1.1 },
      });
    }
  } finally {
    await raw.end();
  }
}
