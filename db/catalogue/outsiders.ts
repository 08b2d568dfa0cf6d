import { grantees, ownerRole } from '../schema/roles';
import { administrator, type Finding, type Inspection, inspection, warning } from './finding';

/** One way by which a login becomes a role: by itself, or through roles that it was given. */
interface Way {
  readonly role: string;
  /** What the role has, where it is one with powers over rows. */
  readonly power: string | null;
  /** The roles that the login was given directly and that lead there; quoted for a statement. */
  readonly via: readonly string[];
}

interface LoginRow {
  readonly login: string;
  readonly quoted: string;
  readonly trusted: boolean;
  readonly manages: boolean;
  readonly ways: readonly Way[];
}

const through = ({ role, via }: Way): string =>
  via.some((each) => each === role) ? '' : `, through ${via.join(' and ')}`;

const leave = (quoted: string, { via }: Way): string =>
  via.map((each) => `REVOKE ${each} FROM ${quoted};`).join(' ');

/** Of a login `m` and a role `p` that it may become: the roles given to it directly that lead there. */
const directly = `array(select quote_ident(v.rolname) from pg_auth_members a
                     join pg_roles v on v.oid = a.roleid
                    where a.member = m.oid and (v.oid = p.oid or pg_has_role(v.oid, p.oid, 'MEMBER'))
                    order by 1)`;

const logins = (ways: string) => `
  select m.rolname as login, quote_ident(m.rolname) as quoted, ${administrator('m')} as trusted,
         m.rolcreaterole as manages, coalesce((${ways}), '[]') as ways
    from pg_roles m where m.rolcanlogin order by 1`;

/** Nobody but who prepares the database may become the owner, the search's role or one that serves. */
export function members(): Inspection {
  return inspection<LoginRow>(
    'members',
    logins(`select json_agg(json_build_object('role', p.rolname, 'power', null, 'via', ${directly})
                            order by p.rolname)
              from pg_roles p
             where p.rolname = any($1) and p.oid <> m.oid and pg_has_role(m.oid, p.oid, 'MEMBER')`),
    [[ownerRole, ...Object.values(grantees)]],
    ({ login, quoted, trusted, ways }) =>
      trusted
        ? []
        : ways.map((way) => ({
            what: `${login} may act as ${way.role}${through(way)}.`,
            fix: leave(quoted, way),
          })),
  );
}

/** Roles of PostgreSQL that reach every row of a database they may enter, or the server's files. */
const readers = ['pg_read_all_data', 'pg_write_all_data'];
const filers = ['pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program'];

function judgeLogin({ login, quoted, trusted, manages, ways }: LoginRow): Finding[] {
  if (trusted) return [];
  return ways.map((way) => {
    const own = way.role === login;
    const what = own
      ? `${login} has ${way.power}: no policy holds it.`
      : `${login} may act as ${way.role}${through(way)}, which reaches rows of all tenants.`;
    const fix = own ? `ALTER ROLE ${quoted} NO${way.power};` : leave(quoted, way);
    // Who manages roles for a provider of servers has these by profession, and we cannot take it.
    return manages ? warning(what, fix) : { what, fix };
  });
}

/** No other login that may enter sees past row security, reads all tables or the server's files. */
export function strongLogins(): Inspection {
  return inspection<LoginRow>(
    'logins',
    logins(`select json_agg(json_build_object('role', p.rolname, 'via', ${directly},
                     'power', case when p.rolbypassrls then 'BYPASSRLS' end) order by p.rolname)
              from pg_roles p
             where (p.rolsuper or p.rolbypassrls or p.rolname = any($1) or p.rolname = any($2))
               and pg_has_role(m.oid, p.oid, 'MEMBER')
               and (p.rolsuper or p.rolname = any($2)
                    or has_database_privilege(m.oid, current_database(), 'CONNECT'))`),
    [readers, filers],
    judgeLogin,
  );
}
