import { actingRoleNames, ownerRole, searchRoleName } from '../schema/roles';
import { type Finding, type Inspection, inspection, warning } from './finding';

interface ActingRow {
  readonly role: string;
  readonly powers: readonly string[];
  /** Whether the owner has what the search may, without acting as it. */
  readonly inherits: boolean;
}

function judgeRole({ role, powers, inherits }: ActingRow): Finding[] {
  const strong = powers.map((power) => {
    const what = `Role ${role} has ${power}; functions that act as it would have it too.`;
    const fix = `ALTER ROLE ${role} NO${power};`;
    return ['SUPERUSER', 'BYPASSRLS'].includes(power) ? { what, fix } : warning(what, fix);
  });
  if (!inherits) return strong;
  return [
    ...strong,
    warning(
      `Role ${ownerRole} inherits what ${role} may, so functions that act as the owner may it too.`,
      `ALTER ROLE ${ownerRole} NOINHERIT; a start does it. From PostgreSQL 16 on also: GRANT ${role} TO ${ownerRole} WITH INHERIT FALSE;`,
    ),
  ];
}

/**
 * Roles that nobody logs in as, and that functions act as: the owner, the search's and the eraser.
 * They have no powers, and none has another's.
 */
export function actingRoles(): Inspection {
  return inspection<ActingRow>(
    'owner',
    `select r.rolname as role,
            array_remove(array[
              case when rolsuper then 'SUPERUSER' end,
              case when rolbypassrls then 'BYPASSRLS' end,
              case when rolcreaterole then 'CREATEROLE' end,
              case when rolcreatedb then 'CREATEDB' end,
              case when rolreplication then 'REPLICATION' end,
              case when rolcanlogin then 'LOGIN' end], null) as powers,
            r.rolname = any($2) and exists (select from pg_roles o where o.rolname = $1 and not o.rolsuper
                                          and pg_has_role(o.oid, r.oid, 'USAGE')) as inherits
       from pg_roles r where r.rolname = $1 or r.rolname = any($2) order by 1`,
    [ownerRole, actingRoleNames],
    judgeRole,
  );
}

/** What the search reads of all tenants' rows, to find ids of the current one. */
const searched: Readonly<Record<string, readonly string[]>> = {
  resources: ['tenant_id', 'id', 'sort_name', 'attributes', 'kind', 'connection_id', 'gone_at'],
};

/** The search reads the columns it searches, and nothing else of anybody. */
export function searchRights(): Inspection {
  return inspection<{ table: string; column: string | null; privilege: string }>(
    'search-rights',
    `select c.oid::regclass::text as table, null as column, a.privilege_type as privilege
       from pg_class c cross join lateral aclexplode(c.relacl) a
      where pg_get_userbyid(a.grantee) = $1
      union all
     select c.oid::regclass::text, t.attname::text, a.privilege_type
       from pg_class c join pg_attribute t on t.attrelid = c.oid and not t.attisdropped
      cross join lateral aclexplode(t.attacl) a
      where pg_get_userbyid(a.grantee) = $1 order by 1, 2`,
    [searchRoleName],
    ({ table, column, privilege }) => {
      if (privilege === 'SELECT' && column && searched[table]?.includes(column)) return [];
      const what = column ? `${privilege} (${column})` : privilege;
      return [
        {
          what: `${searchRoleName}, as which functions see all tenants' rows, has ${what} on ${table}.`,
          fix: `REVOKE ${what} ON ${table} FROM ${searchRoleName};`,
        },
      ];
    },
  );
}
