import { fileURLToPath } from 'node:url';
import { Client, type ClientBase, escapeIdentifier } from 'pg';
import { prepareContext } from './migration/context';
import { MigrationError } from './migration/error';
import { applyGrants } from './migration/grants';
import { hardenDatabase } from './migration/hardening';
import { ensureRoles } from './migration/roles';
import { forceRowSecurity, runMigrations } from './migration/schema';
import { declaredTables } from './schema';
import { actingRoleNames, ownerRole, servingRoles } from './schema/roles';
import { type ServingAccess, type ServingSecrets, servingAccess, withDatabase } from './urls';

export { MigrationError, type MigrationFault } from './migration/error';
export { type ServingAccess, type ServingSecrets, secretsOf } from './urls';

export interface PrepareOptions {
  /** A direct (not pooled) login that may create roles: a superuser or an owner with CREATEROLE. */
  readonly ownerUrl: string;
  /** Passwords of the serving logins, and the key that signs tenant contexts. */
  readonly secrets: ServingSecrets;
  /** Make and prepare this database rather than the one in `ownerUrl`. */
  readonly database?: string;
  /** Folder of the SQL migrations; by default the repository's. */
  readonly migrations?: string;
}

export interface PreparedDatabase extends ServingAccess {
  /** The owner's login to the prepared database: migrations and the doctor only. */
  readonly owner: string;
}

/** `server_version_num` of the oldest PostgreSQL that has what we rely on. */
const OLDEST_SERVER = 150_000;
/** One start prepares a database at a time. The number is ours: "tenantry" as bytes, shortened. */
const PREPARE_LOCK = 0x7465_6e61;

const defaultFolder = fileURLToPath(new URL('../drizzle', import.meta.url));

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'tenantry-migrate' });
  // A connection that is lost fails the statement under way; it must not end the process.
  client.on('error', () => {});
  await client.connect().catch((cause: Error) => {
    throw new MigrationError(
      'unreachable',
      `The database at ${client.host} cannot be used by ${client.user ?? 'nobody'}: ${cause.message}.`,
      { cause },
    );
  });
  try {
    return await use(client);
  } catch (cause) {
    if ((cause as { code?: string }).code !== '42501') throw cause;
    throw new MigrationError(
      'missing_right',
      `${client.user} lacks a right: ${(cause as Error).message}. It should own the database and have CREATEROLE.`,
      { cause },
    );
  } finally {
    await client.end();
  }
}

async function checkServer(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ number: number; version: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as version",
  );
  if ((rows[0]?.number ?? 0) >= OLDEST_SERVER) return;
  throw new MigrationError(
    'old_server',
    `PostgreSQL ${rows[0]?.version} is too old. Tenantry needs PostgreSQL 15 or later.`,
  );
}

/** Roles belong to the cluster: starts on two of its databases may trip over one another. */
async function rolesWithRetry(client: ClientBase, secrets: ServingSecrets): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ensureRoles(client, secrets);
    } catch (error) {
      const contended = /tuple concurrently (updated|deleted)/.test(String(error));
      if (!contended || attempt === 10) throw error;
    }
  }
}

async function ensureDatabase(client: ClientBase, name: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  if (rowCount) return;
  try {
    await client.query(`CREATE DATABASE ${escapeIdentifier(name)} OWNER ${ownerRole}`);
  } catch (error) {
    const faster = ['42P04', '23505'].includes((error as { code?: string }).code ?? '');
    if (!faster) throw error;
  }
}

/**
 * Let in the owner and the serving roles and nobody else. To be called by the database's owner or a
 * superuser; a database made from a template does not inherit this.
 */
export async function secureDatabase(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  const database = escapeIdentifier(rows[0]?.name ?? '');
  const serving = Object.values(servingRoles).join(', ');
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${serving}`);
  await client.query(`GRANT CONNECT, CREATE ON DATABASE ${database} TO ${ownerRole}`);
  await client.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
  await client.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${ownerRole}`);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${serving}, ${actingRoleNames.join(', ')}`);
  await hardenDatabase(client);
}

/** What the engine keeps is the engine's alone. */
async function grantEngineSchema(client: ClientBase): Promise<void> {
  const { rowCount } = await client.query("select from pg_namespace where nspname = 'engine'");
  if (!rowCount) return;
  const role = servingRoles.engine;
  await client.query(`GRANT USAGE ON SCHEMA engine TO ${role}`);
  await client.query(
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA engine TO ${role}`,
  );
  await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA engine TO ${role}`);
}

async function migrateAsOwner(
  client: Client,
  folder: string,
  secrets: ServingSecrets,
): Promise<void> {
  await client.query(`SET ROLE ${ownerRole}`);
  // Functions are executable by everybody unless said otherwise before they are made.
  await client.query('ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC');
  await prepareContext(client, secrets.contextKey);
  await runMigrations(client, folder);
  await forceRowSecurity(client, declaredTables());
  await applyGrants(client, declaredTables());
  await grantEngineSchema(client);
  await client.query('RESET ROLE');
}

/**
 * Bring a database to where this code can serve from it: roles, the database itself, migrations,
 * row security and grants. Repeatable; two starts at once wait for one another.
 *
 * @returns the logins to serve with
 * @throws MigrationError with what to do about it
 */
export async function prepareDatabase(options: PrepareOptions): Promise<PreparedDatabase> {
  const { ownerUrl, secrets, database, migrations = defaultFolder } = options;
  await withClient(ownerUrl, async (client) => {
    await checkServer(client);
    await rolesWithRetry(client, secrets);
    if (database !== undefined) await ensureDatabase(client, database);
  });
  const url = database === undefined ? ownerUrl : withDatabase(ownerUrl, database);
  await withClient(url, async (client) => {
    // As the owner: other logins may be without advisory locks.
    await client.query(`SET ROLE ${ownerRole}`);
    await client.query('select pg_advisory_lock($1)', [PREPARE_LOCK]);
    await client.query('RESET ROLE');
    await secureDatabase(client);
    await migrateAsOwner(client, migrations, secrets);
  });
  return { owner: url, ...servingAccess(url, secrets) };
}
