import { functions, type Line, powers } from './line';

/** What the roles that serve are, have and may. */
export const roles: readonly Line[] = [
  {
    name: 'bypassrls',
    class: 'sql: an app login that owns tables or has BYPASSRLS',
    taken: 'The tenants’ role was given BYPASSRLS.',
    statements: 'alter role tenantry_app bypassrls',
    by: powers,
  },
  {
    name: 'app-owns-table',
    class: 'sql: an app login that owns tables or has BYPASSRLS',
    taken: 'A table was made as the role that serves, which owns it now and may drop its policies.',
    statements: 'alter table report_rows owner to tenantry_app',
    by: powers,
  },
  {
    name: 'reads-all-data',
    class: 'sql: an app login that owns tables or has BYPASSRLS',
    taken: 'The console’s role was made a member of pg_read_all_data.',
    statements: 'grant pg_read_all_data to tenantry_platform',
    by: powers,
  },
  {
    name: 'role-granted',
    class: 'sql: SET ROLE',
    taken: 'The tenants’ role may become the console’s.',
    statements: 'grant tenantry_platform to tenantry_app',
    by: ['sql-session', 'no role becomes another one'],
  },
  {
    name: 'truncate-granted',
    class: 'sql: TRUNCATE',
    taken: 'TRUNCATE on resources, which no policy holds back, was granted to the tenants’ role.',
    statements: 'grant truncate on resources to tenantry_app',
    by: ['sql-statements', 'no role empties or locks out a table'],
  },
  {
    name: 'temporary-tables',
    class: 'sql: search_path shadowing',
    taken: 'Everybody may make temporary tables again, as PostgreSQL has it by default.',
    statements: `do $$ begin
      execute format('grant temporary on database %I to public', current_database());
    end $$`,
    by: ['sql-session', 'names mean what we mean by them'],
  },
  {
    name: 'runs-programs',
    class: 'sql: COPY',
    taken: 'The tenants’ role may run programs on the server, by COPY.',
    statements: 'grant pg_execute_server_program to tenantry_app with inherit true',
    by: ['sql-statements', 'COPY keeps to the policies, and reaches no file or program'],
  },
  {
    name: 'reads-files',
    class: 'sql: file functions, programs and dblink',
    taken: 'The tenants’ role may read the server’s files, by a function of PostgreSQL.',
    statements: 'grant execute on function pg_read_file(text) to tenantry_app',
    by: ['sql-statements', 'no role reaches the server’s files, programs or other databases'],
  },
  {
    name: 'large-objects',
    class: 'sql: large objects',
    taken: 'Large objects, which have no row security, are open to everybody again.',
    statements: `do $$ declare each regprocedure; begin
      for each in select oid from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^(lo_|loread$|lowrite$)'
      loop execute format('grant execute on function %s to public', each); end loop;
    end $$`,
    by: ['sql-statements', 'nobody makes or reads large objects'],
  },
  {
    name: 'activity-visible',
    class: 'sql: pg_stat_activity',
    taken: 'pg_stat_activity is open to everybody: a role sees what others of it are asking.',
    statements: `grant select on pg_stat_activity to public;
      grant execute on function pg_stat_get_activity(integer) to public`,
    by: ['sql-neighbours', 'nobody sees what others are asking'],
  },
  {
    name: 'statistics-visible',
    class: 'sql: pg_class.reltuples and pg_stat_*',
    taken: 'The planner’s statistics, values and all, were granted to the tenants’ role.',
    statements: 'grant select on pg_statistic to tenantry_app',
    by: ['sql-oracles', 'the planner’s statistics give no value away'],
  },
  {
    name: 'runs-any-sql',
    class: 'sql: EXPLAIN’s Rows Removed by Filter',
    taken: 'A helper that runs whatever SQL it is given: EXPLAIN fits into any statement by it.',
    statements: `create function public.report(query text) returns setof text
        language plpgsql as $$ begin return query execute query; end $$;
      grant execute on function public.report(text) to tenantry_app`,
    by: functions,
  },
  {
    name: 'leakproof-by-hand',
    class: 'sql: a leaky function in WHERE',
    taken: 'Casts were marked LEAKPROOF “so that the index is used”: their errors quote values.',
    statements: `do $$ declare each regprocedure; begin
      for each in select oid from pg_proc where pronamespace = 'pg_catalog'::regnamespace
        and proname in ('int4in', 'textout', 'textin', 'varcharout', 'uuid_out', 'int4div', 'int4out', 'textlike', 'jsonb_out', 'enum_out')
      loop execute format('alter function %s leakproof', each); end loop;
    end $$`,
    by: ['sql-statements', 'no function or operator in WHERE gets to see a foreign row'],
  },
  {
    name: 'advisory-locks',
    class: 'sql: shared NOTIFY channels and advisory-lock keys',
    taken: 'Advisory locks can be tried by everybody: one tenant’s SQL holds up all engines.',
    statements: `do $$ declare each regprocedure; begin
      for each in select oid from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^pg_try_advisory'
      loop execute format('grant execute on function %s to public', each); end loop;
    end $$`,
    by: ['sql-neighbours', 'only the engine takes advisory locks, and its keys say nothing'],
  },
  {
    name: 'plpgsql-for-everybody',
    class: 'sql: rights that everybody has',
    taken: 'DO blocks are open to everybody again, as PostgreSQL has it by default.',
    statements: 'grant usage on language plpgsql to public',
    by: ['sql-session', 'what PostgreSQL opens to every login is closed'],
  },
];
