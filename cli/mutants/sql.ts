import type { SqlMutant } from './mutant';

/** A mutant of the database, noticed by a test of the isolation suite's SQL half. */
type Line = Omit<SqlMutant, 'kind' | 'noticedBy'> & {
  /** The spec, without its folder and ending, and the test's title. */
  readonly by: readonly [spec: string, title: string];
};

/**
 * Rewrite `current_tenant()` with a piece of its body exchanged; an error when the piece is not there.
 */
function tenantFunction(find: string, instead: string): string {
  const quoted = (text: string) => `$piece$${text}$piece$`;
  return `do $mutant$
declare
  body text := (select prosrc from pg_proc where oid = 'public.current_tenant()'::regprocedure);
begin
  if position(${quoted(find)} in body) = 0 then
    raise exception 'current_tenant() has no such piece any more';
  end if;
  execute format('create or replace function public.current_tenant() returns uuid language plpgsql
    stable parallel safe security definer set search_path = pg_catalog, pg_temp
    set debug_print_plan = off as %L', replace(body, ${quoted(find)}, ${quoted(instead)}));
end
$mutant$`;
}

const matrix = ['sql-matrix', 'every table × operation × context × role, direct'] as const;
const everyTable = 'sql: every table, operation and context';
const functions = [
  'sql-catalogue',
  'functions can be called by whom they are declared for, and by nobody else',
] as const;
const powers = [
  'sql-catalogue',
  'no role that serves owns anything or can go past row security',
] as const;
const readable = ['sql-catalogue', 'nothing that can be read gives another tenant’s rows'] as const;
const secretKey = ['sql-session', 'the key that signs contexts does not come out'] as const;
const forged = ['sql-context', 'no forged token reads a row of any table, direct'] as const;

const policies: readonly Line[] = [
  {
    name: 'force-dropped',
    class: everyTable,
    taken: 'FORCE ROW LEVEL SECURITY on connections: whoever owns the table reads all of it.',
    statements: 'alter table connections no force row level security',
    by: matrix,
  },
  {
    name: 'row-security-disabled',
    class: everyTable,
    taken: 'Row security on runs, switched off for a migration and never on again.',
    statements: 'alter table runs disable row level security',
    by: matrix,
  },
  {
    name: 'policy-always-true',
    class: everyTable,
    taken: 'The condition of the policy on resources: USING (true).',
    statements: 'alter policy tenant_isolation on resources using (true)',
    by: matrix,
  },
  {
    name: 'policy-beside-it',
    class: everyTable,
    taken: 'A second policy on audit_events that lets every read through: policies add up.',
    statements: 'create policy reading on audit_events for select to tenantry_app using (true)',
    by: matrix,
  },
  {
    name: 'policy-open-without-context',
    class: everyTable,
    taken: 'No context no longer means no rows in automations: “for background work”.',
    statements:
      'alter policy tenant_isolation on automations using (tenant_id = current_tenant() or current_tenant() is null)',
    by: matrix,
  },
  {
    name: 'policy-for-delete-forgotten',
    class: everyTable,
    taken: 'The policy on report_rows was split by command, and the one for DELETE was left open.',
    statements: `drop policy tenant_isolation on report_rows;
      create policy reading on report_rows for select to tenantry_app using (tenant_id = current_tenant());
      create policy adding on report_rows for insert to tenantry_app with check (tenant_id = current_tenant());
      create policy changing on report_rows for update to tenantry_app using (tenant_id = current_tenant());
      create policy removing on report_rows for delete to tenantry_app using (true)`,
    by: ['sql-extra', 'a statement that reads nothing changes nothing of another tenant'],
  },
  {
    name: 'column-granted-to-platform',
    class: everyTable,
    taken: 'The console’s role was granted the sealed tokens of connections.',
    statements: 'grant select (tenant_id, sealed) on credentials to tenantry_platform',
    by: ['sql-extra', 'no role reads or writes a column that it was not granted'],
  },
  {
    name: 'audit-may-be-deleted',
    class: everyTable,
    taken: 'The tenants’ role was granted DELETE on the record.',
    statements: 'grant delete on audit_events to tenantry_app',
    by: matrix,
  },
  {
    name: 'table-undeclared',
    class: everyTable,
    taken: 'A table was made by hand, with a tenant’s column and nothing that isolates it.',
    statements: `create table public.tags (tenant_id uuid not null, id uuid not null, name text, primary key (tenant_id, id));
      grant select, insert on public.tags to tenantry_app`,
    by: ['sql-matrix', 'everything in the database is declared'],
  },
  {
    name: 'check-dropped',
    class: 'sql: a tenant-moving UPDATE',
    taken: 'WITH CHECK on automations: a row of one’s own can be given to another tenant.',
    statements: 'alter policy tenant_isolation on automations with check (true)',
    by: ['sql-statements', 'no row moves to another tenant'],
  },
  {
    name: 'check-dropped-upsert',
    class: 'sql: ON CONFLICT tells by its error or its silence',
    taken:
      'WITH CHECK on connections: an insert for another tenant is tried, and tells what is there.',
    statements: 'alter policy tenant_isolation on connections with check (true)',
    by: ['sql-oracles', 'ON CONFLICT and MERGE say the same of a foreign row as of none'],
  },
  {
    name: 'policy-open-for-merge',
    class: 'sql: MERGE',
    taken: 'Both halves of the policy on automations.',
    statements: 'alter policy tenant_isolation on automations using (true) with check (true)',
    by: ['sql-oracles', 'MERGE neither finds nor changes a foreign row'],
  },
  {
    name: 'row-security-off-for-one',
    class: 'sql: row_security = off',
    taken: 'Row security on memberships: switching it off for a session is no error any more.',
    statements: 'alter table memberships disable row level security',
    by: ['sql-session', 'row_security = off is an error, not a way out'],
  },
];

const context: readonly Line[] = [
  {
    name: 'context-unsigned',
    class: 'sql: injected set_config',
    taken: 'The check of the signature in current_tenant(): the setting is believed as it is.',
    statements: tenantFunction('is distinct from substr(token, 55)', 'is null'),
    by: ['sql-context', 'SQL that is injected sets no other tenant, direct'],
  },
  {
    name: 'context-expiry-ignored',
    class: 'sql: a forged, expired or altered tenant context',
    taken: 'The check of the expiry in current_tenant(): a token that got out holds for ever.',
    statements: tenantFunction('< now()', "< '-infinity'"),
    by: forged,
  },
  {
    name: 'context-forgery-silent',
    class: 'sql: a forged, expired or altered tenant context',
    taken: 'A forged context is an empty answer and no error: nobody notices who is guessing.',
    statements: tenantFunction(
      "raise exception 'The tenant context was not signed by this installation.' using errcode = 'TC001'",
      'return null',
    ),
    by: forged,
  },
  {
    name: 'context-old-setting',
    class: 'sql: savepoints',
    taken: 'current_tenant() believes the plain setting app.tenant_id of earlier versions again.',
    statements: tenantFunction(
      "if token is null or token = '' then",
      `if current_setting('app.tenant_id', true) <> '' then
    return current_setting('app.tenant_id', true)::uuid;
  end if;
  if token is null or token = '' then`,
    ),
    by: ['sql-context', 'savepoints, SET and RESET in mid transaction lead to no other tenant'],
  },
  {
    name: 'context-empty-setting',
    class: 'sql: the setting is empty, not NULL, after COMMIT',
    taken: 'current_tenant() no longer takes an empty setting for none, which it is after COMMIT.',
    statements: tenantFunction("token is null or token = ''", 'token is null'),
    by: ['sql-context', 'after COMMIT there is no tenant'],
  },
  {
    name: 'context-immutable',
    class: 'sql: role-change plans',
    taken: 'current_tenant() was declared IMMUTABLE “to be faster”: a kept plan holds its tenant.',
    statements: 'alter function public.current_tenant() immutable',
    by: ['sql-session', 'a plan made for one tenant, or one role, serves no other'],
  },
  {
    name: 'context-keys-granted',
    class: 'sql: the signing key of tenant contexts',
    taken: 'The schema of the signing keys was granted to the tenants’ role.',
    statements: `grant usage on schema private to tenantry_app;
      grant select on all tables in schema private to tenantry_app`,
    by: secretKey,
  },
  {
    name: 'context-plans-printed',
    class: 'sql: the signing key of tenant contexts',
    taken: 'debug_print_plan = off on current_tenant(): a printed plan shows the key.',
    statements: 'alter function public.current_tenant() reset debug_print_plan',
    by: secretKey,
  },
  {
    name: 'context-search-path',
    class: 'sql: search_path shadowing',
    taken: 'The fixed search path of current_tenant(): it looks names up where its caller says.',
    statements: 'alter function public.current_tenant() reset search_path',
    by: functions,
  },
];

/** Rewrite the search with a piece of its body exchanged; an error when the piece is not there. */
const searchFunction = (find: string, instead: string) => `do $mutant$
declare
  definition text := (select pg_get_functiondef(oid) from pg_proc
    where pronamespace = 'search'::regnamespace and proname = 'resources');
begin
  if position($piece$${find}$piece$ in definition) = 0 then
    raise exception 'the search has no such piece any more';
  end if;
  execute replace(definition, $piece$${find}$piece$, $piece$${instead}$piece$);
end
$mutant$`;

const objects: readonly Line[] = [
  {
    name: 'search-without-tenant',
    class: 'sql: a view or SECURITY DEFINER function owned by a superuser',
    taken: 'The tenant’s filter in the search, which sees all rows to keep its index.',
    statements: searchFunction('where r.tenant_id = tenant and (r.sort_name', 'where (r.sort_name'),
    by: ['sql-extra', 'the search answers for the tenant of the context, and for nobody else'],
  },
  {
    name: 'search-without-context',
    class: 'sql: a view or SECURITY DEFINER function owned by a superuser',
    taken: 'The search believes the plain setting app.tenant_id, which anybody can set.',
    statements: searchFunction(
      'tenant uuid := public.current_tenant();',
      "tenant uuid := coalesce(nullif(current_setting('app.tenant_id', true), '')::uuid, public.current_tenant());",
    ),
    by: ['sql-extra', 'the search answers for the tenant of the context, and for nobody else'],
  },
  {
    name: 'view-of-superuser',
    class: 'sql: a view or SECURITY DEFINER function owned by a superuser',
    taken: 'A view for reporting, made by a superuser, without security_invoker.',
    statements: `create view public.connection_overview as
        select tenant_id, id, state, account_email from connections;
      grant select on public.connection_overview to tenantry_app`,
    by: readable,
  },
  {
    name: 'definer-search',
    class: 'sql: a view or SECURITY DEFINER function owned by a superuser',
    taken: 'A search function with its owner’s rights, and without a filter by tenant.',
    statements: `create function public.search_resources(part text) returns setof public.resources
        language sql stable security definer
        as $$ select * from public.resources where name ilike '%' || part || '%' $$;
      grant execute on function public.search_resources(text) to tenantry_app`,
    by: functions,
  },
  {
    name: 'definer-for-everybody',
    class: 'sql: a view or SECURITY DEFINER function owned by a superuser',
    taken: 'The function that reads the signing key may be called by everybody.',
    statements: `grant usage on schema private to public;
      grant execute on function private.context_key(text) to public`,
    by: functions,
  },
  {
    name: 'partition-granted',
    class: 'sql: a partition child with its own grant',
    taken: 'A partition of a table with row security, granted by itself and without row security.',
    statements: `create table public.run_archive (tenant_id uuid not null, id uuid not null, note text, primary key (tenant_id, id))
        partition by hash (tenant_id);
      create table public.run_archive_0 partition of public.run_archive for values with (modulus 1, remainder 0);
      alter table public.run_archive enable row level security, force row level security;
      create policy tenant_isolation on public.run_archive to tenantry_app using (tenant_id = current_tenant());
      grant select on public.run_archive, public.run_archive_0 to tenantry_app`,
    by: ['sql-catalogue', 'no partition can be reached past its parent'],
  },
  {
    name: 'materialized-view',
    class: 'sql: a materialized view',
    taken: 'A materialized view of the resources’ counts, granted to the tenants’ role.',
    statements: `create materialized view public.resource_counts as
        select tenant_id, kind, count(*) from resources group by 1, 2;
      grant select on public.resource_counts to tenantry_app`,
    by: ['sql-catalogue', 'there is no materialized view, and one made by hand is noticed'],
  },
  {
    name: 'foreign-key-single-column',
    class: 'sql: a single-column foreign key as existence oracle',
    taken: 'The tenant in a foreign key: automations point to connections by the id alone.',
    statements: `alter table connections add constraint connections_id_key unique (id);
      do $$ declare name text; begin
        select conname into strict name from pg_constraint
         where conrelid = 'automations'::regclass and confrelid = 'connections'::regclass;
        execute format('alter table automations drop constraint %I', name);
      end $$;
      alter table automations add constraint automations_connection foreign key (connection_id) references connections (id)`,
    by: ['sql-oracles', 'a foreign key answers for a foreign id as for one that nobody has'],
  },
  {
    name: 'unique-without-tenant',
    class: 'sql: a global UNIQUE answers for another tenant’s value',
    taken:
      'The tenant in a unique key: an account’s id is taken for all once somebody connects it.',
    statements: 'create unique index accounts_once on connections (provider, account_id)',
    by: ['sql-oracles', 'no unique key knows another tenant’s values'],
  },
  {
    name: 'sequences-granted',
    class: 'sql: a sequence’s last_value',
    taken: 'All sequences were granted to the tenants’ role “so that inserts work”.',
    statements: `grant usage on schema engine to tenantry_app;
      grant usage, select on all sequences in schema engine to tenantry_app`,
    by: ['sql-catalogue', 'no sequence tells how much others have made'],
  },
];

const roles: readonly Line[] = [
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
    statements: 'grant pg_execute_server_program to tenantry_app',
    by: ['sql-statements', 'COPY keeps to the policies, and reaches no file or program'],
  },
  {
    name: 'reads-files',
    class: 'sql: file functions, programs and dblink',
    taken: 'The tenants’ role may read the server’s files.',
    statements: 'grant pg_read_server_files to tenantry_app',
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

export const sqlMutants: readonly SqlMutant[] = [...policies, ...context, ...objects, ...roles].map(
  ({ by: [spec, title], ...rest }) => ({
    kind: 'sql',
    ...rest,
    noticedBy: { file: `e2e/isolation/${spec}.spec.ts`, title },
  }),
);
