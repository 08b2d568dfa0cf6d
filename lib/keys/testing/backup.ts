import { Client } from 'pg';
import type { TestDatabase } from '@/db/testing';
import { withDatabase } from '@/db/urls';

/** Every row of every table of a database, as a logical backup has them. */
export interface Backup {
  readonly tables: ReadonlyMap<string, string>;
}

async function tablesOf({ owner }: TestDatabase): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public'",
  );
  return rows.map(({ name }) => name);
}

export async function backUp(database: TestDatabase): Promise<Backup> {
  const tables = new Map<string, string>();
  for (const name of await tablesOf(database)) {
    const { rows } = await database.owner.query<{ rows: string }>(
      `select coalesce(json_agg(t), '[]')::text as rows from ${name} t`,
    );
    tables.set(name, rows[0]?.rows ?? '[]');
  }
  return { tables };
}

/** Those that are written, not computed from others. */
async function storedColumns(owner: Client, table: string): Promise<string> {
  const { rows } = await owner.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ') as columns from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  );
  return rows[0]?.columns ?? '';
}

/** Put a backup into a database that has the tables and nothing in them. */
export async function restore({ tables }: Backup, { owner }: TestDatabase): Promise<void> {
  await owner.query('set session_replication_role = replica');
  for (const [name, rows] of tables) {
    await owner.query(`delete from ${name}`);
    const columns = await storedColumns(owner, name);
    await owner.query(
      `insert into ${name} (${columns}) overriding system value
       select ${columns} from json_populate_recordset(null::${name}, $1)`,
      [rows],
    );
  }
  await owner.query('set session_replication_role = origin');
}

/** A database beside that of a test, for wrapped keys. */
export async function besideDatabase(
  database: TestDatabase,
): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `keys_of_${new URL(database.ownerUrl).pathname.slice(1)}`;
  const onServer = async (statement: string) => {
    const client = new Client(withDatabase(database.ownerUrl, 'postgres'));
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await onServer(`create database ${name}`);
  return {
    url: withDatabase(database.ownerUrl, name),
    drop: () => onServer(`drop database ${name} with (force)`),
  };
}
