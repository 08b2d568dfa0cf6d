import type { ClientBase } from 'pg';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { actingRoleNames, ownerRole, type ServingRole, servingRoles } from '../schema/roles';
import { MigrationError } from './error';
import { scramVerifier } from './scram';

type Passwords = Readonly<Record<ServingRole, string>>;

/** Tables are found in `public` only, and a temporary table never shadows one. */
const searchPath = 'public, pg_temp';

/**
 * Settings that belong to the login: they also hold behind a transaction pooler, where settings of
 * a session do not. Milliseconds.
 */
export const roleSettings: Readonly<Record<ServingRole, Readonly<Record<string, string>>>> = {
  app: limits(30_000),
  identity: limits(15_000),
  platform: limits(30_000),
  engine: limits(60_000),
};

function limits(statement: number): Record<string, string> {
  return {
    statement_timeout: String(statement),
    idle_in_transaction_session_timeout: '60000',
    // Stops work for a client that has gone, such as an aborted request.
    client_connection_check_interval: '1000',
    search_path: searchPath,
  };
}

interface RoleRow {
  readonly rolname: string;
  readonly rolsuper: boolean;
  readonly rolbypassrls: boolean;
  readonly rolcreaterole: boolean;
  readonly rolcreatedb: boolean;
  readonly rolreplication: boolean;
  readonly rolcanlogin: boolean;
  readonly rolinherit: boolean;
  readonly rolconfig: readonly string[] | null;
}

async function readRole(client: ClientBase, name: string): Promise<RoleRow | undefined> {
  const { rows } = await client.query<RoleRow>(
    `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
            rolcanlogin, rolinherit, rolconfig
       from pg_roles where rolname = $1`,
    [name],
  );
  return rows[0];
}

const sqlState = (error: unknown): string | undefined => (error as { code?: string }).code;

async function createRole(client: ClientBase, name: string, attributes: string): Promise<RoleRow> {
  const found = await readRole(client, name);
  if (found) return found;
  try {
    await client.query(`CREATE ROLE ${escapeIdentifier(name)} ${attributes}`);
  } catch (error) {
    // Roles belong to the whole cluster: a start on another database may have been faster.
    if (sqlState(error) === '42501') {
      throw new MigrationError(
        'missing_right',
        `The login in DATABASE_URL may not create the role ${name}. Give it CREATEROLE, or create the role yourself.`,
        { cause: error },
      );
    }
    if (sqlState(error) !== '42710' && sqlState(error) !== '23505') throw error;
  }
  return (await readRole(client, name)) as RoleRow;
}

async function secureRole(client: ClientBase, role: RoleRow): Promise<void> {
  const powers = [
    role.rolsuper && 'SUPERUSER',
    role.rolbypassrls && 'BYPASSRLS',
    role.rolcreaterole && 'CREATEROLE',
    role.rolcreatedb && 'CREATEDB',
    role.rolreplication && 'REPLICATION',
  ].filter((power) => power !== false);
  if (powers.length === 0) return;
  const without = powers.map((power) => `NO${power}`).join(' ');
  try {
    await client.query(`ALTER ROLE ${escapeIdentifier(role.rolname)} ${without}`);
  } catch (cause) {
    throw new MigrationError(
      'unsafe_role',
      `The serving role ${role.rolname} has ${powers.join(', ')}, with which it could reach every tenant's rows. Run: ALTER ROLE ${role.rolname} ${without};`,
      { cause },
    );
  }
}

/**
 * The owner acts as the search's role where it makes its functions, and has nothing of it otherwise.
 * Until PostgreSQL 15 that is said of the role; from 16 on of the membership, see `join`.
 */
async function disinherit(client: ClientBase, role: RoleRow): Promise<void> {
  if (!role.rolinherit) return;
  try {
    await client.query(`ALTER ROLE ${escapeIdentifier(role.rolname)} NOINHERIT`);
  } catch (error) {
    // The role is somebody else's to keep; the doctor tells where it makes a difference.
    if (sqlState(error) !== '42501') throw error;
  }
}

/** A login may give itself settings that hold for good; what we did not set goes. */
async function resetOthers(client: ClientBase, key: ServingRole, role: RoleRow): Promise<void> {
  const name = escapeIdentifier(role.rolname);
  const unknown = (role.rolconfig ?? [])
    .map((each) => each.split('=', 1)[0] ?? '')
    .filter((setting) => !(setting in roleSettings[key]));
  for (const setting of unknown) {
    const parts = setting.split('.').map(escapeIdentifier).join('.');
    await client.query(`ALTER ROLE ${name} RESET ${parts}`);
  }
  const { rows } = await client.query<{ database: string }>(
    `select d.datname as database from pg_db_role_setting s
       join pg_database d on d.oid = s.setdatabase
      where pg_get_userbyid(s.setrole) = $1`,
    [role.rolname],
  );
  for (const { database } of rows) {
    await client.query(`ALTER ROLE ${name} IN DATABASE ${escapeIdentifier(database)} RESET ALL`);
  }
}

/** Set password and settings where the login may; elsewhere the roles are somebody else's to keep. */
async function configureRole(
  client: ClientBase,
  key: ServingRole,
  role: RoleRow,
  password: string,
) {
  const name = escapeIdentifier(role.rolname);
  const configured = new Set(role.rolconfig ?? []);
  try {
    await client.query(
      `ALTER ROLE ${name} LOGIN PASSWORD ${escapeLiteral(scramVerifier(password))}`,
    );
    for (const [setting, value] of Object.entries(roleSettings[key])) {
      if (configured.has(`${setting}=${value}`)) continue;
      const literal = setting === 'search_path' ? value : escapeLiteral(value);
      await client.query(`ALTER ROLE ${name} SET ${setting} = ${literal}`);
    }
    await resetOthers(client, key, role);
  } catch (error) {
    if (sqlState(error) !== '42501' || !role.rolcanlogin) throw error;
  }
}

async function isModern(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  return (rows[0]?.version ?? 0) >= 160_000;
}

/** Let `member` (or the login itself) act as `role`, unless it already may. */
async function join(client: ClientBase, role: string, member?: string): Promise<void> {
  const modern = await isModern(client);
  const may = await client.query<{ may: boolean }>(
    'select pg_has_role(coalesce($1::name, current_user), $2::name, $3::text) as may',
    [member ?? null, role, modern ? 'SET' : 'MEMBER'],
  );
  if (may.rows[0]?.may) return;
  const options = modern ? ' WITH SET TRUE, INHERIT FALSE' : '';
  await client.query(`GRANT ${role} TO ${member ?? 'CURRENT_USER'}${options}`);
}

/**
 * Make the owner's role and the serving logins, and bring existing ones in line. Repeatable.
 * @throws MigrationError `unsafe_role` or `missing_right`
 */
export async function ensureRoles(client: ClientBase, passwords: Passwords): Promise<void> {
  await disinherit(client, await createRole(client, ownerRole, 'NOLOGIN NOINHERIT'));
  for (const [key, name] of Object.entries(servingRoles) as [ServingRole, string][]) {
    const role = await createRole(client, name, 'LOGIN NOINHERIT');
    await secureRole(client, role);
    await configureRole(client, key, role, passwords[key]);
  }
  await join(client, ownerRole);
  for (const name of actingRoleNames) {
    await secureRole(client, await createRole(client, name, 'NOLOGIN NOINHERIT'));
    // A function is given to its role by somebody who may act as both.
    await join(client, name, ownerRole);
  }
}
