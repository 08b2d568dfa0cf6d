import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { Pool } from 'pg';
import { contextToken } from '@/db/context-token';
import type { PreparedDatabase } from '@/db/migrate';
import type { Target } from '../data';
import type { Peer } from './peer';

interface Tables {
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

const columns = ['id', 'kind', 'name', 'provider_id', 'updated_at'] as const;

/** A transaction that sets the tenant first. */
export function kysely(urls: PreparedDatabase, max: number): Peer {
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: new Pool({ connectionString: urls.app, max }) }),
  });
  const scoped = <T>({ tenantId }: Target, read: (tx: Transaction<Tables>) => Promise<T>) =>
    db.transaction().execute(async (tx) => {
      const token = contextToken(urls.contextKey, tenantId);
      await sql`select public.use_tenant(${token})`.execute(tx);
      return read(tx);
    });
  return {
    name: 'Kysely on pg, RLS as usual',
    point: (target) =>
      scoped(target, (tx) =>
        tx
          .selectFrom('resources')
          .select(columns)
          .where('tenant_id', '=', target.tenantId)
          .where('id', '=', target.id)
          .execute(),
      ),
    page: (target) =>
      scoped(target, (tx) =>
        tx
          .selectFrom('resources')
          .select(columns)
          .where('tenant_id', '=', target.tenantId)
          .orderBy('sort_name')
          .orderBy('id')
          .limit(50)
          .execute(),
      ),
    close: () => db.destroy(),
  };
}
