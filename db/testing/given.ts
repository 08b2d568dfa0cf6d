import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { Client, type ClientBase } from 'pg';
import { contextKeyId } from '../context-token';
import { ownerRole, servingRoles } from '../schema/roles';

/** Thrown when the suite was pointed at something that it cannot look at; says what to do. */
export class GivenDatabaseError extends Error {
  override readonly name = 'GivenDatabaseError';
}

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Milliseconds that making the connection may take. */
const CONNECT_LIMIT = 10_000;

/**
 * Connect to a database that is there.
 * @throws GivenDatabaseError
 */
export async function connectGiven(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: 'tenantry-isolation',
    connectionTimeoutMillis: CONNECT_LIMIT,
  });
  client.on('error', () => {});
  await client.connect().catch((cause: Error) => {
    throw new GivenDatabaseError(
      `The database cannot be reached as ${client.user ?? 'nobody'} at ${client.host}: ${cause.message}.`,
      { cause },
    );
  });
  return client;
}

/**
 * Ask for what only the owner may see, in a transaction of its own. A superuser may as it is: not to
 * be the owner then is one thing less that a broken backup can lack.
 */
async function asOwner<Row extends object>(client: ClientBase, text: string): Promise<Row[]> {
  const { rows: who } = await client.query<{ super: boolean }>(
    'select rolsuper as super from pg_roles where rolname = current_user',
  );
  await client.query('begin read only');
  try {
    if (!who[0]?.super) await client.query(`set local role ${ownerRole}`);
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.query('rollback');
  }
}

/** The migrations of this code are the database's, or what is expected of it would be guessed. */
async function requireSameSchema(client: ClientBase): Promise<void> {
  const { rows: found } = await client.query<{ found: boolean }>(
    `select count(*) = 2 as found from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname || '.' || c.relname in ('public.tenants', 'drizzle.__drizzle_migrations')`,
  );
  if (!found[0]?.found) {
    throw new GivenDatabaseError('This is no database of Tenantry: it has no organisations in it.');
  }
  const known = readMigrationFiles({ migrationsFolder: join(root, 'drizzle') });
  const rows = await asOwner<{ hash: string }>(
    client,
    'select hash from drizzle.__drizzle_migrations',
  );
  const hashes = new Set(rows.map(({ hash }) => hash));
  const missing = known.filter(({ hash }) => !hashes.has(hash)).length;
  const strange = hashes.size - (known.length - missing);
  if (missing === 0 && strange === 0) return;
  throw new GivenDatabaseError(
    `This database is of another version of Tenantry: ${missing} migrations of this one are not in it, ${strange} in it are not known here. Run the suite of the version that it was made by.`,
  );
}

interface RoleRow {
  readonly name: string;
  readonly found: boolean;
  readonly may: boolean;
}

/** The suite acts in the place of each role, so that it sees what its own transaction wrote. */
async function requireRoles(client: ClientBase): Promise<void> {
  const { rows: version } = await client.query<{ number: number }>(
    "select current_setting('server_version_num')::int as number",
  );
  const right = (version[0]?.number ?? 0) >= 160_000 ? 'SET' : 'MEMBER';
  const { rows } = await client.query<RoleRow>(
    `select s.name, r.oid is not null as found,
            coalesce(pg_has_role(current_user, r.oid, $2), false) as may
       from unnest($1::text[]) s(name) left join pg_roles r on r.rolname = s.name`,
    [[ownerRole, ...Object.values(servingRoles)], right],
  );
  const absent = rows.filter(({ found }) => !found).map(({ name }) => name);
  if (absent.length > 0) {
    throw new GivenDatabaseError(
      `This server has no role ${absent.join(', ')}: a backup of a database brings its roles only when they are restored too.`,
    );
  }
  const closed = rows.filter(({ may }) => !may).map(({ name }) => name);
  if (closed.length > 0) {
    throw new GivenDatabaseError(
      `This login may not act as ${closed.join(', ')}. Use a superuser’s, or run as one: ${closed.map((name) => `GRANT ${name} TO CURRENT_USER;`).join(' ')}`,
    );
  }
}

/**
 * The key under which contexts hold there.
 * @throws GivenDatabaseError
 */
export async function givenKey(client: ClientBase): Promise<string> {
  const rows = await asOwner<{ key: string }>(
    client,
    'select key from private.context_keys order by used_at desc',
  );
  const { rows: source } = await client.query<{ body: string }>(
    `select p.prosrc as body from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = 'public' and p.proname = 'current_tenant'`,
  );
  const key = rows.find((row) => source[0]?.body.includes(contextKeyId(row.key)))?.key;
  if (key) return key;
  throw new GivenDatabaseError(
    'No key in this database signs contexts that it takes: start Tenantry on it once.',
  );
}

/**
 * See that a database can be looked at, before anything is begun.
 * @returns what is going to be done to it, for people
 * @throws GivenDatabaseError
 */
export async function requireGiven(url: string, readOnly: boolean): Promise<string> {
  const client = await connectGiven(url);
  try {
    await requireRoles(client);
    await requireSameSchema(client);
    await givenKey(client);
    const { rows } = await client.query<{ name: string; version: string }>(
      "select current_database() as name, current_setting('server_version') as version",
    );
    const [row] = rows;
    return [
      `Looking at the database ${row?.name} (PostgreSQL ${row?.version}) as ${client.user}, who acts in the place of each role.`,
      readOnly
        ? 'Only what reads, in READ ONLY transactions: nothing is written.'
        : 'First what only reads, in READ ONLY transactions; then two tenants are made up and attacked in one transaction, which is rolled back.',
    ].join('\n');
  } finally {
    await client.end();
  }
}
