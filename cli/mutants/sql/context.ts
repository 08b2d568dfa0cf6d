import { forged, type Line, secretKey } from './line';

/** Rewrite `current_tenant()` with a piece of it exchanged; an error when the piece is not there. */
const tenantFunction = (find: string, instead: string) => `do $mutant$
declare
  definition text := pg_get_functiondef('public.current_tenant()'::regprocedure);
begin
  if position($piece$${find}$piece$ in definition) = 0 then
    raise exception 'current_tenant() has no such piece any more';
  end if;
  execute replace(definition, $piece$${find}$piece$, $piece$${instead}$piece$);
end
$mutant$`;

/** Who the policies take a transaction to be of. */
export const context: readonly Line[] = [
  {
    name: 'settings-open-to-all',
    class: 'sql: what is left on a connection',
    taken:
      'Any SQL may change the settings of its connection, as PostgreSQL has it from the start.',
    statements: 'grant execute on function pg_catalog.set_config(text, text, boolean) to public',
    by: ['sql-leftovers', 'what one request leaves on a connection of the doors reaches no other'],
  },
  {
    name: 'setting-outlives-transaction',
    class: 'sql: a session-level SET through a transaction pooler',
    taken: 'The tenant is set for the connection, not for the transaction.',
    statements: `create or replace function public.use_tenant(token text) returns text
      language plpgsql security definer as $$ begin
        return pg_catalog.set_config('app.tenant', token, false);
      end $$`,
    by: [
      'sql-context',
      'behind a pooler the doors leave no tenant on a connection, and one left there is overruled',
    ],
  },
  {
    name: 'context-unsigned',
    class: 'sql: injected set_config',
    taken: 'The check of the signature in current_tenant(): the setting is believed as it is.',
    statements: tenantFunction(
      'operator(pg_catalog.=) pg_catalog.substr(token, 55)',
      'is not null',
    ),
    by: ['sql-context', 'SQL that is injected sets no other tenant, direct'],
  },
  {
    name: 'context-expiry-ignored',
    class: 'sql: a forged, expired or altered tenant context',
    taken: 'The check of the expiry in current_tenant(): a token that got out holds for ever.',
    statements: tenantFunction(
      'operator(pg_catalog.>=) pg_catalog.now()',
      "operator(pg_catalog.>=) '-infinity'",
    ),
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
      `('app.tenant', true);
begin`,
      `('app.tenant', true);
begin
  if current_setting('app.tenant_id', true) <> '' then
    return current_setting('app.tenant_id', true)::uuid;
  end if;`,
    ),
    by: ['sql-context', 'savepoints, SET and RESET in mid transaction lead to no other tenant'],
  },
  {
    name: 'context-empty-setting',
    class: 'sql: the setting is empty, not NULL, after COMMIT',
    taken: 'current_tenant() no longer takes an empty setting for none, which it is after COMMIT.',
    statements: tenantFunction("token is null or token operator(pg_catalog.=) ''", 'token is null'),
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
    name: 'context-key-in-text',
    class: 'sql: the signing key of tenant contexts',
    taken: 'The key stands in the text of current_tenant(), which every role can read.',
    statements: `do $mutant$ declare key text := (select key from private.context_keys limit 1); begin
      execute regexp_replace(pg_get_functiondef('public.current_tenant()'::regprocedure),
        'private\\.context_key\\(''[^'']+''\\)', quote_literal(key), 'g');
    end $mutant$`,
    by: secretKey,
  },
  {
    name: 'context-search-path',
    class: 'sql: search_path shadowing',
    taken: 'The schema of an operator in current_tenant(): it means what the caller’s path says.',
    statements: tenantFunction(
      'operator(pg_catalog.=) pg_catalog.substr(token, 55)',
      '= pg_catalog.substr(token, 55)',
    ),
    by: ['sql-functions', 'functions look names up where they say, whatever the caller’s path'],
  },
];
