import { actingRoleNames, servingRoles } from '../schema/roles';
import { type Finding, type Inspection, inspection } from './finding';

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

/** Roles that serve, search or erase cannot bypass row security, become somebody else, or own anything. */
export function roles(): Inspection {
  return inspection<RoleRow>(
    'roles',
    `select s.name, r.oid is not null as found,
            array_remove(array[
              case when r.rolcanlogin and s.name = any($2) then 'LOGIN' end,
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
                    -- What acts as a role without a login is looked at among the functions.
                   where p.proowner = r.oid and not (s.name = any($2) and p.prosecdef)
                   union all
                  select 'schema ' || n.nspname from pg_namespace n
                   where n.nspowner = r.oid and n.nspname !~ '^pg_'
                   union all
                  select 'database ' || d.datname from pg_database d where d.datdba = r.oid) as owns
       from unnest($1::text[]) s(name) left join pg_roles r on r.rolname = s.name`,
    [[...serving, ...actingRoleNames], actingRoleNames],
    judgeRole,
  );
}
