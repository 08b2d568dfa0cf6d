import { and, asc, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { contextToken } from '@/db/context-token';
import type { PreparedDatabase } from '@/db/migrate';
import { resources } from '@/db/schema';
import type { Target } from '../data';
import type { Peer } from './peer';

const columns = {
  id: resources.id,
  kind: resources.kind,
  name: resources.name,
  providerId: resources.providerId,
  updatedAt: resources.updatedAt,
};

const postgresJs = (url: string, max: number) => postgres(url, { max, onnotice: () => {} });

/** Raw postgres.js with an explicit filter, as a login that row security does not concern. */
export function floor(urls: PreparedDatabase, max: number): Peer {
  const raw = postgresJs(urls.owner, max);
  return {
    name: 'floor: postgres.js, no RLS',
    point: ({ tenantId, id }) =>
      raw`select id, kind, name, provider_id, updated_at from resources
           where tenant_id = ${tenantId} and id = ${id}`,
    page: ({ tenantId }) =>
      raw`select id, kind, name, provider_id, updated_at from resources
           where tenant_id = ${tenantId} order by sort_name, id limit 50`,
    close: () => raw.end(),
  };
}

/** The floor's reads of another table that is shaped alike. */
export function floorOver(urls: PreparedDatabase, max: number, table: string): Peer {
  const raw = postgresJs(urls.owner, max);
  const columns = 'id, kind, name, provider_id, updated_at';
  const read = (rest: string, values: string[]) =>
    raw.unsafe(`select ${columns} from ${table} where tenant_id = $1 ${rest}`, values, {
      prepare: true,
    });
  return {
    name: 'floor: postgres.js, no RLS',
    point: ({ tenantId, id }) => read('and id = $2', [tenantId, id]),
    page: ({ tenantId }) => read('order by sort_name, id limit 50', [tenantId]),
    close: () => raw.end(),
  };
}

type Database = Pick<ReturnType<typeof drizzle>, 'select'>;
const point = (db: Database, { tenantId, id }: Target) =>
  db
    .select(columns)
    .from(resources)
    .where(and(eq(resources.tenantId, tenantId), eq(resources.id, id)));
const page = (db: Database, { tenantId }: Target) =>
  db
    .select(columns)
    .from(resources)
    .where(eq(resources.tenantId, tenantId))
    .orderBy(asc(resources.sortName), asc(resources.id))
    .limit(50);

export function drizzleWithout(urls: PreparedDatabase, max: number): Peer {
  const client = postgresJs(urls.owner, max);
  const db = drizzle(client);
  return {
    name: 'drizzle on postgres.js, no RLS',
    point: (target) => point(db, target),
    page: (target) => page(db, target),
    close: () => client.end(),
  };
}

/** https://orm.drizzle.team/docs/rls: a transaction that sets the tenant first. */
export function drizzleAsDocumented(urls: PreparedDatabase, max: number): Peer {
  const client = postgresJs(urls.app, max);
  const db = drizzle(client);
  const scoped = <T>(target: Target, read: (tx: Database) => Promise<T>) =>
    db.transaction(async (tx) => {
      const token = contextToken(urls.contextKey, target.tenantId);
      await tx.execute(sql`select public.use_tenant(${token})`);
      return read(tx);
    });
  return {
    name: 'drizzle on postgres.js, RLS as documented',
    point: (target) => scoped(target, (tx) => point(tx, target)),
    page: (target) => scoped(target, (tx) => page(tx, target)),
    close: () => client.end(),
  };
}
