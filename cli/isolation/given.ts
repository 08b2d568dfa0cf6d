import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { Client, type ClientBase } from 'pg';
import { contextKeyId } from '@/db/context-token';
import { servingRoles } from '@/db/schema/roles';

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

/** The migrations of this code are the database's, or what is expected of it would be guessed. */
async function requireSameSchema(client: ClientBase): Promise<void> {
  const { rows: found } = await client.query<{ found: boolean }>(
    "select to_regclass('public.tenants') is not null and to_regclass('drizzle.__drizzle_migrations') is not null as found",
  );
  if (!found[0]?.found) {
    throw new GivenDatabaseError('This is no database of Tenantry: it has no organisations in it.');
  }
  const known = readMigrationFiles({ migrationsFolder: join(root, 'drizzle') });
  const { rows } = await client
    .query<{ hash: string }>('select hash from drizzle.__drizzle_migrations')
    .catch((cause: Error) => {
      throw new GivenDatabaseError(
        'This login may not read what was migrated. Use a superuser’s, or the owner’s that Tenantry starts with.',
        { cause },
      );
    });
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
    [Object.values(servingRoles), right],
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
  const { rows } = await client
    .query<{ key: string }>('select key from private.context_keys order by used_at desc')
    .catch((cause: Error) => {
      throw new GivenDatabaseError(
        'This login may not read the key that contexts are signed with: use a superuser’s, or the owner’s.',
        { cause },
      );
    });
  const { rows: source } = await client.query<{ body: string }>(
    "select prosrc as body from pg_proc where oid = to_regprocedure('public.current_tenant()')",
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
    await client.query('begin read only');
    await requireSameSchema(client);
    await requireRoles(client);
    await givenKey(client);
    const { rows } = await client.query<{
      name: string;
      version: string;
      super: boolean;
      tenants: number;
    }>(
      `select current_database() as name, current_setting('server_version') as version, r.rolsuper as super,
              (select count(*)::int from public.tenants) as tenants
         from pg_roles r where r.rolname = current_user`,
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
