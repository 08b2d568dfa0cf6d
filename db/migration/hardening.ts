import type { ClientBase } from 'pg';
import { ownerRole, servingRoles } from '../schema/roles';

interface Closed {
  /** Of the names of functions, in `pg_catalog`. */
  readonly pattern: string;
  readonly why: string;
  /** Who may call them still. */
  readonly keep: string;
}

/** Roles of PostgreSQL for those who watch the server. */
const watchers = 'pg_monitor, pg_read_all_stats';

/**
 * What PostgreSQL lets every login do and ours have no use for. With SQL of one's own it would be a
 * way to leave something for other tenants' requests, to see what they ask, or to hold them up.
 */
const functions: readonly Closed[] = [
  {
    pattern: '^(lo_|loread$|lowrite$)',
    why: 'large objects have no row security',
    keep: ownerRole,
  },
  {
    pattern: '^((query|table|schema|database|cursor)_to_xml|ts_stat$)',
    why: 'run SQL out of an expression',
    keep: ownerRole,
  },
  {
    pattern: '^set_config$',
    why: 'changes settings of a connection for its next user',
    keep: ownerRole,
  },
  {
    pattern: '^pg_stat_get_(activity|backend_activity)$',
    why: 'show what others of the same role are asking',
    keep: watchers,
  },
  {
    pattern: '^pg_(terminate|cancel)_backend$',
    why: 'end what others of the same role are doing',
    keep: 'pg_signal_backend',
  },
  {
    pattern: '^pg_(try_)?advisory_',
    why: 'take the locks that others wait for',
    keep: `${ownerRole}, ${servingRoles.engine}`,
  },
];

/** Views over the same, and who is to read them still: those who watch the server. */
const views = ['pg_stat_activity'];

const openQuery = `
select 'function' as kind, p.oid::regprocedure::text as name, p.proname as short from pg_proc p
 where p.pronamespace = 'pg_catalog'::regnamespace and p.proname ~ any($1)
   and (p.proacl is null or exists (select from aclexplode(p.proacl) a where a.grantee = 0))
union all
select 'view', c.oid::regclass::text, c.relname from pg_class c
 where c.relnamespace = 'pg_catalog'::regnamespace and c.relname = any($2)
   and exists (select from aclexplode(c.relacl) a where a.grantee = 0)
union all
select 'language', l.lanname, l.lanname from pg_language l
 where l.lanname = 'plpgsql'
   and (l.lanacl is null or exists (select from aclexplode(l.lanacl) a where a.grantee = 0))
order by 1, 2`;

interface Open {
  readonly kind: 'function' | 'view' | 'language';
  /** With the types of its arguments, for a function. */
  readonly name: string;
  readonly short: string;
}

function closing({ kind, name, short }: Open): string {
  switch (kind) {
    case 'function': {
      const keep = functions.find(({ pattern }) => new RegExp(pattern).test(short))?.keep;
      return `REVOKE EXECUTE ON FUNCTION ${name} FROM PUBLIC; GRANT EXECUTE ON FUNCTION ${name} TO ${keep ?? ownerRole}`;
    }
    case 'view':
      return `REVOKE SELECT ON ${name} FROM PUBLIC; GRANT SELECT ON ${name} TO ${watchers}`;
    case 'language':
      // DO needs it; to call a function that is there does not.
      return `REVOKE USAGE ON LANGUAGE ${name} FROM PUBLIC; GRANT USAGE ON LANGUAGE ${name} TO ${ownerRole}`;
  }
}

/** What of this is open to every login of the database. */
export async function openToEverybody(client: ClientBase): Promise<readonly Open[]> {
  const { rows } = await client.query<Open>(openQuery, [
    functions.map(({ pattern }) => pattern),
    views,
  ]);
  return rows;
}

/**
 * Close it, for this database. Only a superuser may: on a managed server it stays as it is there.
 * Changes nothing, and takes no locks, when nothing is open.
 */
export async function hardenDatabase(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ rolsuper: boolean }>(
    'select rolsuper from pg_roles where rolname = current_user',
  );
  if (!rows[0]?.rolsuper) return;
  const open = await openToEverybody(client);
  if (open.length > 0) await client.query(open.map(closing).join('; '));
}
