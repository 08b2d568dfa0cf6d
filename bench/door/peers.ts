import { and, asc, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { Kysely, sql as kyselySql, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import postgres from 'postgres';
import { contextToken } from '@/db/context-token';
import type { TenantId } from '@/db/ids';
import type { PreparedDatabase } from '@/db/migrate';
import { resources } from '@/db/schema';
import type { Way } from './way';

interface KyselyTables {
  resources: {
    tenant_id: string;
    id: string;
    kind: string;
    name: string;
    sort_name: string;
    provider_id: string;
    updated_at: Date;
  };
}

const columns = {
  id: resources.id,
  kind: resources.kind,
  name: resources.name,
  providerId: resources.providerId,
  updatedAt: resources.updatedAt,
};

const postgresJs = (url: string, max: number) => postgres(url, { max, onnotice: () => {} });

/** Raw postgres.js with an explicit filter, as a login that row security does not concern. */
export function floor(urls: PreparedDatabase, max: number): Way & { close(): Promise<void> } {
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

/** How others do it, each as its own documentation says. */
export async function peers(
  urls: PreparedDatabase,
  max: number,
): Promise<(Way & { close(): Promise<void> })[]> {
  const plainClient = postgresJs(urls.owner, max);
  const plain = drizzle(plainClient);
  const scopedClient = postgresJs(urls.app, max);
  const scoped = drizzle(scopedClient);
  const kysely = new Kysely<KyselyTables>({
    dialect: new PostgresDialect({ pool: new Pool({ connectionString: urls.app, max }) }),
  });
  const kyselyColumns = ['id', 'kind', 'name', 'provider_id', 'updated_at'] as const;
  const token = (tenantId: string) => contextToken(urls.contextKey, tenantId as TenantId);
  const scope = (tenantId: string) =>
    sql`select set_config('app.tenant', ${token(tenantId)}, true)`;
  const kyselyScope = (tenantId: string) =>
    kyselySql`select set_config('app.tenant', ${token(tenantId)}, true)`;

  return [
    {
      name: 'drizzle on postgres.js, no RLS',
      point: ({ tenantId, id }) =>
        plain
          .select(columns)
          .from(resources)
          .where(and(eq(resources.tenantId, tenantId), eq(resources.id, id))),
      page: ({ tenantId }) =>
        plain
          .select(columns)
          .from(resources)
          .where(eq(resources.tenantId, tenantId))
          .orderBy(asc(resources.sortName), asc(resources.id))
          .limit(50),
      close: () => plainClient.end(),
    },
    {
      name: 'drizzle on postgres.js, RLS as documented',
      point: ({ tenantId, id }) =>
        scoped.transaction(async (tx) => {
          await tx.execute(scope(tenantId));
          return tx
            .select(columns)
            .from(resources)
            .where(and(eq(resources.tenantId, tenantId), eq(resources.id, id)));
        }),
      page: ({ tenantId }) =>
        scoped.transaction(async (tx) => {
          await tx.execute(scope(tenantId));
          return tx
            .select(columns)
            .from(resources)
            .where(eq(resources.tenantId, tenantId))
            .orderBy(asc(resources.sortName), asc(resources.id))
            .limit(50);
        }),
      close: () => scopedClient.end(),
    },
    {
      name: 'Kysely on pg, RLS as usual',
      point: ({ tenantId, id }) =>
        kysely.transaction().execute(async (tx) => {
          await kyselyScope(tenantId).execute(tx);
          return tx
            .selectFrom('resources')
            .select(kyselyColumns)
            .where('tenant_id', '=', tenantId)
            .where('id', '=', id)
            .execute();
        }),
      page: ({ tenantId }) =>
        kysely.transaction().execute(async (tx) => {
          await kyselyScope(tenantId).execute(tx);
          return tx
            .selectFrom('resources')
            .select(kyselyColumns)
            .where('tenant_id', '=', tenantId)
            .orderBy('sort_name')
            .orderBy('id')
            .limit(50)
            .execute();
        }),
      close: () => kysely.destroy(),
    },
  ];
}
