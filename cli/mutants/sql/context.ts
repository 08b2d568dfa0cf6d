import { forged, functions, type Line, secretKey } from './line';

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

/** Who the policies take a transaction to be of. */
export const context: readonly Line[] = [
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
