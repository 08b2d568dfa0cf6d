import { type ClientBase, escapeIdentifier, escapeLiteral } from 'pg';
import { contextKeyId } from '../context-token';
import { servingRoles } from '../schema/roles';

/** Keys that are accepted: the one in use, and the one before it while processes are replaced. */
const KEYS = 2;

/**
 * The body of `private.context_key`. It is asked while a plan is made, into which the key goes; what
 * would print that plan is refused.
 */
export const contextKeyBody = `
begin
  if current_setting('debug_print_plan')::bool then
    raise exception 'The key of the tenant context is not for a log: debug_print_plan must be off.'
      using errcode = 'TC001';
  end if;
  return (select key from private.context_keys where id = key_id);
end`;

const closed = `
CREATE SCHEMA IF NOT EXISTS private;
CREATE TABLE IF NOT EXISTS private.context_keys (
  id text PRIMARY KEY,
  key text NOT NULL,
  used_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA private;
CREATE OR REPLACE FUNCTION private.context_key(key_id text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS ${escapeLiteral(contextKeyBody)};
REVOKE ALL ON FUNCTION private.context_key(text) FROM PUBLIC`;

/** The key that a token names. With one key there is nothing to choose: no other would fit. */
function keyOf(keyIds: readonly string[]): string {
  const literals = keyIds.map(escapeLiteral);
  if (literals.length === 1) return `private.context_key(${literals[0]})`;
  const keys = literals.map(
    (literal) =>
      `when pg_catalog.substr(token, 1, 8) operator(pg_catalog.=) ${literal} then private.context_key(${literal})`,
  );
  return `case ${keys.join(' ')} end`;
}

/**
 * The policies' one source of the tenant. Nobody else's SQL can forge it: the setting that it reads
 * is checked against a key which the serving roles cannot see. What does not hold is an error, not an
 * empty answer, so that trying is noticed and one guess costs one statement.
 *
 * `context_key` is immutable, as a key never changes under its id: PostgreSQL reads it once per
 * connection, into the plan of the expression. Every name and operator says its schema, so that no
 * search path of the caller's matters: one of its own would cost a tenth of a point read. A token that
 * holds is found to do so in one expression, since PL/pgSQL makes each one ready anew in each
 * transaction; why another does not is asked afterwards. The time is read only from a token that was
 * signed, which has one: of what is no token, or none at all, it would be an error of its own.
 */
export function currentTenantBody(keyIds: readonly string[], hmac: string): string {
  const signed = `pg_catalog.encode(
       ${hmac}(pg_catalog.substr(token, 1, 54), ${keyOf(keyIds)}, 'sha256'), 'base64')
     operator(pg_catalog.=) pg_catalog.substr(token, 55)`;
  return `
declare
  token pg_catalog.text := pg_catalog.current_setting('app.tenant', true);
begin
  if (${signed}) is true
     and pg_catalog.to_timestamp(pg_catalog.substr(token, 45, 10)::pg_catalog.float8)
     operator(pg_catalog.>=) pg_catalog.now() then
    return pg_catalog.substr(token, 9, 36)::pg_catalog.uuid;
  end if;
  if token is null or token operator(pg_catalog.=) '' then
    return null;
  end if;
  if (${signed}) is not true then
    raise exception 'The tenant context was not signed by this installation.' using errcode = 'TC001';
  end if;
  raise exception 'The tenant context has expired: the clocks of the server and of PostgreSQL may differ.'
    using errcode = 'TC001';
end`;
}

/**
 * The body of `use_tenant`, by which a door gives its transaction a token. `set_config` itself is
 * closed: it would also set the encoding, or a time limit, for whoever gets the connection next.
 */
export const useTenantBody = `
begin
  return pg_catalog.set_config('app.tenant', token, true);
end`;

/** Where pgcrypto is: an administrator may have put it elsewhere before us. */
async function hmacFunction(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ schema: string }>(
    "select extnamespace::regnamespace::text as schema from pg_extension where extname = 'pgcrypto'",
  );
  return `${rows[0]?.schema}.hmac`;
}

async function acceptKey(client: ClientBase, key: string): Promise<readonly string[]> {
  await client.query(
    `insert into private.context_keys (id, key) values ($1, $2)
     on conflict (id) do update set used_at = clock_timestamp()`,
    [contextKeyId(key), key],
  );
  const { rows } = await client.query<{ id: string }>(
    `with kept as (select id from private.context_keys order by used_at desc limit ${KEYS}),
          gone as (delete from private.context_keys where id not in (select id from kept))
     select id from kept order by id`,
  );
  return rows.map(({ id }) => id);
}

interface Written {
  readonly signature: string;
  readonly returns: string;
  readonly volatility: 'stable' | 'volatile';
  readonly parallel: 'restricted' | 'unsafe';
}

/** Write a function that acts as its owner, unless it is there word for word and marked as it should be. */
async function write(
  client: ClientBase,
  { signature, returns, volatility, parallel }: Written,
  body: string,
): Promise<void> {
  const { rows } = await client.query<{ body: string; settings: unknown; marks: string }>(
    `select prosrc as body, proconfig as settings,
            concat_ws(' ', provolatile, proparallel, prosecdef, proleakproof, proisstrict) as marks
       from pg_proc where oid = to_regprocedure($1)`,
    [signature.replace(/\w+ (?=\w+\))/, '')],
  );
  const [is] = rows;
  if (is?.body === body && !is.settings && is.marks === `${volatility[0]} ${parallel[0]} t f f`)
    return;
  await client.query(
    `CREATE OR REPLACE FUNCTION ${signature} RETURNS ${returns} LANGUAGE plpgsql ${volatility}
       SECURITY DEFINER PARALLEL ${parallel} AS ${escapeLiteral(body)}`,
  );
}

/**
 * Restricted: one tenant's statement takes no other tenants' workers, each of which would have to check
 * the token anew, and takes longer with them (docs/decisions/0039).
 */
const currentTenant: Written = {
  signature: 'public.current_tenant()',
  returns: 'uuid',
  volatility: 'stable',
  parallel: 'restricted',
};

const useTenant: Written = {
  signature: 'public.use_tenant(token text)',
  returns: 'text',
  volatility: 'volatile',
  parallel: 'unsafe',
};

/**
 * Let this installation's key sign tenant contexts. To be called as the owner, before the policies
 * that ask for the tenant. Replacing the function makes every connection forget a key that has gone.
 */
export async function prepareContext(client: ClientBase, key: string): Promise<void> {
  await client.query('BEGIN');
  await client.query(closed);
  const body = currentTenantBody(await acceptKey(client, key), await hmacFunction(client));
  await write(client, currentTenant, body);
  await write(client, useTenant, useTenantBody);
  const serving = Object.values(servingRoles).map(escapeIdentifier).join(', ');
  await client.query('REVOKE ALL ON FUNCTION public.current_tenant() FROM PUBLIC');
  await client.query(`GRANT EXECUTE ON FUNCTION public.current_tenant() TO ${serving}`);
  await client.query('REVOKE ALL ON FUNCTION public.use_tenant(text) FROM PUBLIC');
  await client.query(`GRANT EXECUTE ON FUNCTION public.use_tenant(text) TO ${serving}`);
  await client.query('COMMIT');
}
