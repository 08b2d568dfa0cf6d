import { roleSettings } from '../migration/roles';
import { ownerRole, type ServingRole, servingRoles } from '../schema/roles';
import { administrator, type Finding, type Inspection, inspection, warning } from './finding';

const serving = Object.values(servingRoles);

/** Only the owner and the serving roles were let in, and none of these makes schemas. */
export function database(): Inspection {
  return inspection<{ name: string; role: string; quoted: string; privilege: string }>(
    'database',
    `select quote_ident(d.datname) as name, coalesce(r.rolname, 'PUBLIC') as role,
            coalesce(quote_ident(r.rolname), 'PUBLIC') as quoted, a.privilege_type as privilege
       from pg_database d
      cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
       left join pg_roles r on r.oid = a.grantee
      where d.datname = current_database() and a.grantee <> d.datdba and r.rolname is distinct from $1
        and not coalesce(${administrator('r')}, false)
      order by 2, 4`,
    [ownerRole],
    ({ name, role, quoted, privilege }) => {
      if (privilege === 'CONNECT' && serving.some((one) => one === role)) return [];
      const what = `${role} has ${privilege} on this database.`;
      const fix = `REVOKE ${privilege} ON DATABASE ${name} FROM ${quoted};`;
      return [privilege === 'CREATE' ? { what, fix } : warning(what, fix)];
    },
  );
}

/** What the owner makes later belongs to nobody else until it is declared. */
export function defaultPrivileges(): Inspection {
  const find = inspection<{ kind: string; owner: string; role: string; privilege: string }>(
    'default-privileges',
    `select case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'FUNCTIONS'
                                 when 'T' then 'TYPES' else 'SCHEMAS' end as kind,
            quote_ident(pg_get_userbyid(d.defaclrole)) as owner, a.privilege_type as privilege,
            coalesce(quote_ident(r.rolname), 'PUBLIC') as role
       from pg_default_acl d cross join lateral aclexplode(d.defaclacl) a
       left join pg_roles r on r.oid = a.grantee
      where d.defaclobjtype <> 'T' and a.grantee <> d.defaclrole
        and (a.grantee = 0 or r.rolname = any($1) or pg_get_userbyid(d.defaclrole) = $2)
        and not coalesce(${administrator('r')}, false)
      order by 1, 3, 4`,
    [serving, ownerRole],
    ({ kind, owner, role, privilege }) => [
      {
        what: `Whatever ${owner} makes next gives ${privilege} on ${kind} to ${role}.`,
        fix: `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} REVOKE ${privilege} ON ${kind} FROM ${role};`,
      },
    ],
  );
  return async (client) => {
    const result = await find(client);
    const { rows } = await client.query<{ closed: boolean }>(
      `select exists (select from pg_default_acl d
                       where d.defaclobjtype = 'f' and d.defaclnamespace = 0
                         and pg_get_userbyid(d.defaclrole) = $1) as closed`,
      [ownerRole],
    );
    const open = warning(
      `Everybody may call whatever function ${ownerRole} makes next.`,
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${ownerRole} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; a start does it.`,
    );
    const findings = rows[0]?.closed ? result.findings : [...result.findings, open];
    return { ...result, looked: result.looked + 1, findings };
  };
}

/** Settings with which a login changes whose rows it sees, or which code it runs. */
const reaching =
  /^(?:app\.|role$|search_path$|row_security$|session_authorization$|\w*preload_libraries$|debug_print|session_replication_role$)/;

interface SettingRow {
  readonly role: string | null;
  readonly database: string | null;
  readonly setting: string;
}

function judgeSetting({ role, database, setting }: SettingRow): Finding[] {
  const [name = ''] = setting.split('=', 1);
  const key = (Object.keys(servingRoles) as ServingRole[]).find(
    (one) => servingRoles[one] === role,
  );
  if (key && !database && roleSettings[key][name] === setting.slice(name.length + 1)) return [];
  if (!key && !reaching.test(name)) return [];
  const whose = role ?? 'every login';
  const place = database ? ` in the database ${database}` : '';
  const what = `${whose} starts${place} with ${setting}, which no start of ours set.`;
  const inside = database ? ` IN DATABASE ${database}` : '';
  const fix = role
    ? `ALTER ROLE ${role}${inside} RESET ${name}; a start does it.`
    : `ALTER DATABASE ${database} RESET ${name};`;
  return [reaching.test(name) ? { what, fix } : warning(what, fix)];
}

/** A login may change its own settings for good: what it starts with is what a start set. */
export function roleDefaults(): Inspection {
  const find = inspection<SettingRow>(
    'role-settings',
    `select r.rolname as role, d.datname as database, unnest(s.setconfig) as setting
       from pg_db_role_setting s left join pg_roles r on r.oid = s.setrole
       left join pg_database d on d.oid = s.setdatabase
      where (r.rolname = any($1) or r.rolname = $2 or s.setrole = 0)
        and (s.setdatabase = 0 or d.datname = current_database())
      order by 1, 3`,
    [serving, ownerRole],
    judgeSetting,
  );
  return async (client) => {
    const result = await find(client);
    const { rows } = await client.query<{ role: string; settings: readonly string[] | null }>(
      'select rolname as role, rolconfig as settings from pg_roles where rolname = any($1)',
      [serving],
    );
    const missing = (Object.entries(servingRoles) as [ServingRole, string][]).flatMap(
      ([key, role]) => {
        const held = new Set(rows.find((row) => row.role === role)?.settings ?? []);
        return Object.entries(roleSettings[key])
          .filter(([name, value]) => !held.has(`${name}=${value}`))
          .map(([name, value]) => {
            const what = `${role} starts without ${name} = ${value}.`;
            const fix = `ALTER ROLE ${role} SET ${name} = ${value}; a start does it.`;
            return reaching.test(name) ? { what, fix } : warning(what, fix);
          });
      },
    );
    return { ...result, findings: [...result.findings, ...missing] };
  };
}

/** Settings of the server that a login was given the right to change, for itself or for all. */
export function parameterRights(): Inspection {
  return inspection<{ name: string; role: string; ours: boolean; privilege: string }>(
    'parameters',
    `select p.parname as name, coalesce(quote_ident(r.rolname), 'PUBLIC') as role,
            a.privilege_type as privilege, a.grantee = 0 or r.rolname = any($1) as ours
       from pg_parameter_acl p cross join lateral aclexplode(p.paracl) a
       left join pg_roles r on r.oid = a.grantee
      where a.grantee = 0 or r.rolname = any($1) or (r.rolcanlogin and not ${administrator('r')})
      order by 1, 2`,
    [serving],
    ({ name, role, ours, privilege }) => {
      const what = `${role} has ${privilege} on the server's setting ${name}.`;
      const fix = `REVOKE ${privilege} ON PARAMETER ${name} FROM ${role};`;
      return [ours ? { what, fix } : warning(what, fix)];
    },
  );
}
