import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { Client, ClientBase } from 'pg';
import { escapeIdentifier } from 'pg';
import type { TableDeclaration } from '../schema/table';
import { MigrationError } from './error';

interface Applied {
  readonly hash: string;
  readonly at: number;
}

async function appliedMigrations(client: ClientBase): Promise<Applied[]> {
  const table = await client.query("select to_regclass('drizzle.__drizzle_migrations') as found");
  if (table.rows[0]?.found == null) return [];
  const { rows } = await client.query<{ hash: string; at: string }>(
    'select hash, created_at as at from drizzle.__drizzle_migrations order by created_at',
  );
  return rows.map(({ hash, at }) => ({ hash, at: Number(at) }));
}

/**
 * Run the migrations of `folder` that this database has not seen. To be called as the owner.
 * @throws MigrationError `newer_schema` or `changed_migration`, before anything is changed
 */
export async function runMigrations(client: Client, folder: string): Promise<void> {
  const known = readMigrationFiles({ migrationsFolder: folder });
  const newest = known.at(-1)?.folderMillis ?? 0;
  const hashes = new Set(known.map(({ hash }) => hash));
  for (const { hash, at } of await appliedMigrations(client)) {
    if (at > newest) {
      throw new MigrationError(
        'newer_schema',
        'This database was used by a newer Tenantry. Nothing was changed. Start that version again, or use another database.',
      );
    }
    if (!hashes.has(hash)) {
      throw new MigrationError(
        'changed_migration',
        `A migration that was applied to this database (${new Date(at).toISOString()}) is not the one that this Tenantry knows. Nothing was changed. Migrations are never edited: restore its text, or use another database.`,
      );
    }
  }
  await migrate(drizzle(client), { migrationsFolder: folder });
}

/** Enable and force row security where the declarations ask for it and it is not so already. */
export async function forceRowSecurity(
  client: ClientBase,
  declarations: readonly TableDeclaration[],
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and relname = any($1) and not (relrowsecurity and relforcerowsecurity)`,
    [declarations.filter(({ rowSecurity }) => rowSecurity).map(({ name }) => name)],
  );
  for (const { name } of rows) {
    await client.query(
      `ALTER TABLE public.${escapeIdentifier(name)} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
    );
  }
}
