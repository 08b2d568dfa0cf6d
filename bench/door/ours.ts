import {
  and,
  asc,
  eq,
  type QueryParameters,
  type ResourceId,
  tenantDb,
  tenantQuery,
  withTenant,
} from '@/db';
import { resources } from '@/db/schema';
import type { Target } from './data';
import type { Way } from './way';

const columns = {
  id: resources.id,
  kind: resources.kind,
  name: resources.name,
  providerId: resources.providerId,
  updatedAt: resources.updatedAt,
};

const pointQuery = tenantQuery('bench_point', (db, p: QueryParameters<{ id: ResourceId }>) =>
  db
    .select(columns)
    .from(resources)
    .where(and(eq(resources.tenantId, p.tenantId), eq(resources.id, p.id))),
);

const pageQuery = tenantQuery('bench_page', (db, p: QueryParameters<Record<never, never>>) =>
  db
    .select(columns)
    .from(resources)
    .where(eq(resources.tenantId, p.tenantId))
    .orderBy(asc(resources.sortName), asc(resources.id))
    .limit(50),
);

type Reader = Pick<ReturnType<typeof tenantDb>, 'select'>;

const point = (db: Reader, { tenantId, id }: Target) =>
  db
    .select(columns)
    .from(resources)
    .where(and(eq(resources.tenantId, tenantId), eq(resources.id, id)));

const page = (db: Reader, { tenantId }: Target) =>
  db
    .select(columns)
    .from(resources)
    .where(eq(resources.tenantId, tenantId))
    .orderBy(asc(resources.sortName), asc(resources.id))
    .limit(50);

/** The door's three ways in. The pools are the product's own. */
export const ours: readonly Way[] = [
  {
    name: 'door: tenantQuery',
    goals: { point: 1.15, page: 1.1 },
    point: (target) => pointQuery(target, { id: target.id }),
    page: (target) => pageQuery(target, {}),
  },
  {
    name: 'door: tenantDb, built per call',
    goals: { point: 1.8, page: 1.8 },
    point: (target) => point(tenantDb(target), target),
    page: (target) => page(tenantDb(target), target),
  },
  {
    name: 'door: withTenant, one statement',
    point: (target) => withTenant(target, (tx) => point(tx, target)),
    page: (target) => withTenant(target, (tx) => page(tx, target)),
  },
];
