import {
  compareGrants,
  grantStatement,
  type HeldGrant,
  heldGrants,
  revokeStatement,
  wantedGrants,
} from '../migration/grants';
import { searchRoleName, servingRoles } from '../schema/roles';
import { declaredTables } from '../schema/table';
import { type Finding, type Inspection, inspection, ourSchemas, warning } from './finding';

const serving = Object.values(servingRoles);

interface RoleRow {
  readonly name: string;
  readonly found: boolean;
  readonly powers: readonly string[];
  readonly member_of: readonly string[];
  readonly owns: readonly string[];
}

function judgeRole({ name, found, powers, member_of, owns }: RoleRow): Finding[] {
  if (!found) {
    return [{ what: `There is no role ${name}.`, fix: 'Start Tenantry once: a start makes it.' }];
  }
  return [
    ...powers.map((power) => ({
      what: `Role ${name} has ${power}.`,
      fix: `ALTER ROLE ${name} NO${power};`,
    })),
    ...member_of.map((other) => ({
      what: `Role ${name} is a member of ${other} and may act as it.`,
      fix: `REVOKE ${other} FROM ${name};`,
    })),
    ...owns.map((thing) => ({
      what: `Role ${name} owns ${thing}: an owner is not bound by grants.`,
      fix: `REASSIGN OWNED BY ${name} TO tenantry_owner;`,
    })),
  ];
}

/** Roles that serve or search cannot bypass row security, become somebody else, or own anything. */
export function roles(): Inspection {
  return inspection<RoleRow>(
    'roles',
    `select s.name, r.oid is not null as found,
            array_remove(array[
              case when r.rolcanlogin and s.name = $2 then 'LOGIN' end,
              case when r.rolsuper then 'SUPERUSER' end,
              case when r.rolbypassrls then 'BYPASSRLS' end,
              case when r.rolcreaterole then 'CREATEROLE' end,
              case when r.rolcreatedb then 'CREATEDB' end,
              case when r.rolreplication then 'REPLICATION' end], null) as powers,
            array(select pg_get_userbyid(m.roleid)::text from pg_auth_members m
                   where m.member = r.oid) as member_of,
            array(select c.oid::regclass::text from pg_class c
                   where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
                   union all
                  select p.oid::regprocedure::text from pg_proc p
                    -- What acts as the search's role is looked at among the functions.
                   where p.proowner = r.oid and not (s.name = $2 and p.prosecdef)
                   union all
                  select 'schema ' || n.nspname from pg_namespace n
                   where n.nspowner = r.oid and n.nspname !~ '^pg_'
                   union all
                  select 'database ' || d.datname from pg_database d where d.datdba = r.oid) as owns
       from unnest($1::text[]) s(name) left join pg_roles r on r.rolname = s.name`,
    [[...serving, searchRoleName], searchRoleName],
    judgeRole,
  );
}

const described = ({ table, column, role, privilege }: HeldGrant): string =>
  `${role} ${privilege} on ${table}${column === null ? '' : `.${column}`}`;

/** The grants on tables and columns are those declared, neither more nor fewer. */
export function grants(): Inspection {
  return async (client) => {
    const held = await heldGrants(client);
    const { missing, beyond } = compareGrants(wantedGrants(declaredTables()), held);
    return {
      check: 'grants',
      looked: held.length,
      findings: [
        ...beyond.map((grant) => ({
          what: `Granted beyond the declaration: ${described(grant)}.`,
          fix: `${revokeStatement(grant)};`,
        })),
        ...missing.map((grant) => ({
          what: `Declared and not granted: ${described(grant)}.`,
          fix: `${grantStatement(grant)};`,
        })),
      ],
    };
  };
}

/** Schemas of ours: who else may look inside, besides the owner. */
const schemaUsers: Readonly<Record<string, readonly string[]>> = {
  public: serving,
  engine: [servingRoles.engine],
  search: [servingRoles.app],
  private: [],
  drizzle: [],
};

/** Nobody but the owner makes things in the schemas; the engine's is the engine's, the keys nobody's. */
export function schemas(): Inspection {
  return inspection<{ schema: string; role: string; privilege: string }>(
    'schemas',
    `select n.nspname as schema, coalesce(r.rolname, 'PUBLIC') as role, a.privilege_type as privilege
       from pg_namespace n cross join lateral aclexplode(n.nspacl) a
       left join pg_roles r on r.oid = a.grantee
      where ${ourSchemas} and (a.grantee = 0 or r.rolname = any($1)) order by 1, 2`,
    [serving],
    ({ schema, role, privilege }) => {
      const users = schemaUsers[schema];
      if (privilege === 'USAGE' && users?.includes(role)) return [];
      const what = `${role} has ${privilege} on schema ${schema}.`;
      const fix = `REVOKE ${privilege} ON SCHEMA ${schema} FROM ${role};`;
      return [users || privilege === 'CREATE' ? { what, fix } : warning(what, fix)];
    },
  );
}

/** A sequence tells how much others have made. */
export function sequences(): Inspection {
  return inspection<{ name: string; schema: string; held: { role: string; privilege: string }[] }>(
    'sequences',
    `select c.oid::regclass::text as name, n.nspname as schema,
            coalesce((select json_agg(json_build_object('role', coalesce(r.rolname, 'PUBLIC'),
                                                        'privilege', a.privilege_type))
               from aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
              where a.grantee = 0 or r.rolname = any($1)), '[]') as held
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'S' and ${ourSchemas} order by 1`,
    [serving],
    ({ name, schema, held }) =>
      held
        .filter(({ role }) => !(schema === 'engine' && role === servingRoles.engine))
        .map(({ role, privilege }) => ({
          what: `${role} has ${privilege} on the sequence ${name}, and so learns how many rows all tenants have made.`,
          fix: `REVOKE ${privilege} ON SEQUENCE ${name} FROM ${role};`,
        })),
  );
}
