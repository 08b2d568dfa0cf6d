import type { ClientBase } from 'pg';
import { escapeIdentifier } from 'pg';
import { type Grantee, grantees } from '../schema/roles';
import type { TableDeclaration } from '../schema/table';

/** One privilege of one role on a table, or on one column of it. */
export interface HeldGrant {
  readonly table: string;
  readonly column: string | null;
  /** A role's name, or `PUBLIC`. */
  readonly role: string;
  /** Upper case, as PostgreSQL names it. */
  readonly privilege: string;
}

const keyOf = (grant: HeldGrant): string =>
  [grant.table, grant.column ?? '', grant.role, grant.privilege].join('\u0000');

/** The grants that the declarations ask for. */
export function wantedGrants(declarations: readonly TableDeclaration[]): HeldGrant[] {
  return declarations.flatMap(({ name: table, grants }) =>
    (Object.entries(grants) as [Grantee, (typeof grants)[Grantee]][]).flatMap(([key, list]) =>
      (list ?? []).flatMap((grant): HeldGrant[] => {
        const role = grantees[key];
        if (typeof grant === 'string') {
          return [{ table, column: null, role, privilege: grant.toUpperCase() }];
        }
        const privilege = grant.privilege.toUpperCase();
        return grant.columns.map((column) => ({ table, column, role, privilege }));
      }),
    ),
  );
}

/** The grants that serving roles, the search's and PUBLIC have in the live database, schema `public`. */
export async function heldGrants(client: ClientBase): Promise<HeldGrant[]> {
  const { rows } = await client.query<HeldGrant>(
    `with held as (
       select c.relname as table, null::name as column, a.grantee, a.privilege_type
         from pg_class c cross join lateral aclexplode(c.relacl) a
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
       union all
       select c.relname, t.attname, a.grantee, a.privilege_type
         from pg_class c
         join pg_attribute t on t.attrelid = c.oid and not t.attisdropped
        cross join lateral aclexplode(t.attacl) a
        where c.relnamespace = 'public'::regnamespace
     )
     select held.table, held.column, coalesce(r.rolname, 'PUBLIC') as role,
            held.privilege_type as privilege
       from held left join pg_roles r on r.oid = held.grantee
      where held.grantee = 0 or r.rolname = any($1)`,
    [Object.values(grantees)],
  );
  return rows;
}

/** What is missing from and what goes beyond the declarations. */
export function compareGrants(
  wanted: readonly HeldGrant[],
  held: readonly HeldGrant[],
): { missing: HeldGrant[]; beyond: HeldGrant[] } {
  const wantedKeys = new Set(wanted.map(keyOf));
  const heldKeys = new Set(held.map(keyOf));
  return {
    missing: wanted.filter((grant) => !heldKeys.has(keyOf(grant))),
    beyond: held.filter((grant) => !wantedKeys.has(keyOf(grant))),
  };
}

function phrase({ table, column, role, privilege }: HeldGrant): [string, string, string] {
  const what = column === null ? privilege : `${privilege} (${escapeIdentifier(column)})`;
  const who = role === 'PUBLIC' ? role : escapeIdentifier(role);
  return [what, `public.${escapeIdentifier(table)}`, who];
}

/** The statement that takes a grant away. */
export function revokeStatement(grant: HeldGrant): string {
  const [what, table, who] = phrase(grant);
  return `REVOKE ${what} ON ${table} FROM ${who}`;
}

/** The statement that gives a grant. */
export function grantStatement(grant: HeldGrant): string {
  const [what, table, who] = phrase(grant);
  return `GRANT ${what} ON ${table} TO ${who}`;
}

/**
 * Make the database's grants match the declarations exactly, in one transaction, touching only what
 * differs: a start against a database in use takes no locks when nothing changed.
 */
export async function applyGrants(
  client: ClientBase,
  declarations: readonly TableDeclaration[],
): Promise<void> {
  await client.query('BEGIN');
  const { missing, beyond } = compareGrants(wantedGrants(declarations), await heldGrants(client));
  // A table-wide REVOKE also takes column grants away, so all of those come before any GRANT.
  const wide = new Set(beyond.filter(({ column }) => column === null).map(keyOf));
  for (const grant of beyond) await client.query(revokeStatement(grant));
  const lost = wide.size === 0 ? missing : wantedGrants(declarations);
  for (const grant of lost) await client.query(grantStatement(grant));
  await client.query('COMMIT');
}
