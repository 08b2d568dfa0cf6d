import { functions, type Line, readable } from './line';

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

/** What is made beside the tables: views, functions, partitions, keys, sequences. */
export const objects: readonly Line[] = [
  {
    name: 'search-without-tenant',
    class: 'sql: a view or SECURITY DEFINER function owned by a superuser',
    taken: 'The tenant’s filter in the search, which sees all rows to keep its index.',
    statements: searchFunction('where r.tenant_id = tenant and (r.sort_name', 'where (r.sort_name'),
    by: [
      'sql-functions',
      'functions that act with others’ rights answer for the current tenant only',
    ],
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
