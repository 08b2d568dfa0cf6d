import { openToEverybody } from '../migration/hardening';
import { servingRoles } from '../schema/roles';
import { fromExtension, type Inspection, inspection, ourSchemas, warning } from './finding';

const serving = Object.values(servingRoles);

/** Extensions that the product uses, and PostgreSQL's own language. */
const knownExtensions = new Set(['plpgsql', 'pgcrypto', 'pg_trgm', 'pg_stat_statements']);

/** A trigger or rule does more than the statement says, for every tenant alike. */
export function triggers(): Inspection {
  return inspection<{ kind: string; name: string; table: string }>(
    'triggers',
    `select 'trigger' as kind, t.tgname as name, t.tgrelid::regclass::text as table
       from pg_trigger t join pg_class c on c.oid = t.tgrelid
       join pg_namespace n on n.oid = c.relnamespace
      where not t.tgisinternal and ${ourSchemas}
      union all
     select 'rule', r.rulename, r.ev_class::regclass::text
       from pg_rewrite r join pg_class c on c.oid = r.ev_class
       join pg_namespace n on n.oid = c.relnamespace
      where r.rulename <> '_RETURN' and ${ourSchemas}
      union all
     select 'event trigger', e.evtname, 'the database' from pg_event_trigger e
      where not ${fromExtension('pg_event_trigger', 'e.oid')}
      order by 1, 2`,
    [],
    ({ kind, name, table }) => [
      warning(
        `The ${kind} ${name} on ${table} is in no declaration: it does more than the statements say.`,
        kind === 'event trigger'
          ? `See what it does; DROP EVENT TRIGGER ${name};`
          : `See what it does; DROP ${kind.toUpperCase()} ${name} ON ${table};`,
      ),
    ],
  );
}

/** Extensions bring functions that act past our grants. */
export function extensions(): Inspection {
  return inspection<{ name: string }>(
    'extensions',
    'select extname as name from pg_extension order by 1',
    [],
    ({ name }) =>
      knownExtensions.has(name)
        ? []
        : [
            warning(
              `The extension ${name} is there and nothing of ours uses it.`,
              `See who needs it; DROP EXTENSION ${name};`,
            ),
          ],
  );
}

/** Ways by which rows leave or enter this database beside the doors. */
export function channels(): Inspection {
  return inspection<{ kind: string; name: string; usable: boolean }>(
    'channels',
    `select 'foreign server' as kind, s.srvname as name,
            exists (select from aclexplode(s.srvacl) a
                     where a.grantee <> s.srvowner) as usable
       from pg_foreign_server s
      union all
     select 'publication', p.pubname, false from pg_publication p
      union all
     select 'large object', o.oid::text,
            o.lomacl is not null or pg_get_userbyid(o.lomowner) = any($1)
       from (select * from pg_largeobject_metadata order by oid limit 100) o
      order by 1, 2`,
    [serving],
    ({ kind, name, usable }) => {
      const what = {
        'foreign server': `Foreign server ${name}: it carries no tenant, and reads there as one login.`,
        publication: `Publication ${name} sends rows of all tenants to whoever subscribes.`,
        'large object': `Large object ${name}: these know no tenants, only owners.`,
      }[kind] as string;
      const fix = {
        'foreign server': `See who needs it; DROP SERVER ${name};`,
        publication: `See who subscribes; DROP PUBLICATION ${name};`,
        'large object': `select lo_unlink(${name});`,
      }[kind] as string;
      return [usable ? { what, fix } : warning(what, fix)];
    },
  );
}

/**
 * What a start closed to every login is closed still. Where it may not close it, as on a managed
 * server, all of it is open, and that is no finding.
 */
export function open(): Inspection {
  return async (client) => {
    const { rows } = await client.query<{ closed: number }>(
      `select count(*)::int as closed from pg_proc p
        where p.pronamespace = 'pg_catalog'::regnamespace and p.proacl is not null
          and p.proname in ('ts_stat', 'lo_create', 'pg_terminate_backend')`,
    );
    const closed = rows[0]?.closed ?? 0;
    const found = closed > 0 ? await openToEverybody(client) : [];
    const findings = found.map(({ kind, name }) =>
      warning(
        `Every login may use the ${kind} ${name}, which a start had closed.`,
        `REVOKE ALL ON ${kind === 'view' ? 'TABLE' : kind.toUpperCase()} ${name} FROM PUBLIC; a start as superuser does it.`,
      ),
    );
    return { check: 'open', looked: closed + found.length, findings };
  };
}
