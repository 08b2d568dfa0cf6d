import type { ClientBase } from 'pg';
import { ownerRole, servingRoles } from '../schema/roles';

export interface Finding {
  /** What is wrong, naming the thing. */
  readonly what: string;
  /** What puts it right: a statement, or what to do. */
  readonly fix: string;
  /** Left out when a tenant's rows could get out through it. */
  readonly severity?: 'warning';
  /** Nothing is known to be wrong: it could not be looked at. */
  readonly unseen?: true;
}

/** One look at the live database. */
export interface CatalogueCheck {
  /** Short name, stable: `row-security`, `policies`, … */
  readonly check: string;
  /** How many things were looked at. */
  readonly looked: number;
  readonly findings: readonly Finding[];
}

export type Inspection = (client: ClientBase) => Promise<CatalogueCheck>;

/** A check of one query: each row is a thing looked at, and `judge` says what is wrong with it. */
export function inspection<Row extends object>(
  check: string,
  text: string,
  values: readonly unknown[],
  judge: (row: Row) => readonly Finding[],
): Inspection {
  return async (client) => {
    const { rows } = await client.query<Row>(text, [...values]);
    return { check, looked: rows.length, findings: rows.flatMap(judge) };
  };
}

/** Something that is not as it should be, though no tenant's rows get out through it. */
export const warning = (what: string, fix: string): Finding => ({ what, fix, severity: 'warning' });

/** What is said of a look that failed. */
export const unseen = (what: string, error: unknown): Finding => ({
  what: `${what} could not be looked at: ${error instanceof Error ? error.message : String(error)}.`,
  fix: 'See that the database runs, has a connection free and that this login may read its catalogue; then have the doctor look again.',
  severity: 'warning',
  unseen: true,
});

const serving = Object.values(servingRoles)
  .map((role) => `'${role}'`)
  .join(', ');

/**
 * Whether a row of `pg_roles` is somebody who runs the server or prepares this database: superusers,
 * the database's owner, the login that looks, and who made the owner's role. These may become it
 * anyway; what they were granted besides says nothing.
 */
export const administrator = (role: string): string => `coalesce(${role}.rolsuper
  or ${role}.oid = (select datdba from pg_database where datname = current_database())
  or (${role}.rolname = session_user and ${role}.rolname not in (${serving}))
  or (${role}.rolcreaterole and ${role}.rolcanlogin
      and (current_setting('server_version_num')::int < 160000
           or exists (select from pg_auth_members made
                       where made.member = ${role}.oid and made.admin_option
                         and pg_get_userbyid(made.roleid) = '${ownerRole}'))), false)`;

/** Schemas that are not PostgreSQL's own, for a query with `pg_namespace n`. */
export const ourSchemas = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

/** Whether an object came with an extension, whose author answers for it. */
export const fromExtension = (catalogue: string, oid: string) =>
  `exists (select from pg_depend d where d.classid = '${catalogue}'::regclass
             and d.objid = ${oid} and d.deptype = 'e')`;
