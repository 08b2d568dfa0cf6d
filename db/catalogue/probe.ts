import type { ClientBase } from 'pg';
import { signContext } from '../context-token';
import { newId, type TenantId } from '../ids';
import { ownerRole } from '../schema/roles';
import type { CatalogueCheck, Finding } from './finding';

/** What came of something that was tried: rows, or PostgreSQL's code for the refusal. */
type Outcome = { readonly rows: readonly Record<string, unknown>[] } | { readonly code: string };

/** Try statements in a transaction that is rolled back, with a tenant context if one is given. */
async function attempt(
  client: ClientBase,
  statements: readonly string[],
  context?: string,
): Promise<Outcome> {
  await client.query('begin');
  try {
    if (context !== undefined) {
      await client.query('select public.use_tenant($1)', [context]);
    }
    let rows: readonly Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return { rows };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined) throw error;
    return { code };
  } finally {
    await client.query('rollback');
  }
}

const seconds = () => Math.floor(Date.now() / 1_000);
const look = ['select current_tenant() as tenant, (select count(*)::int from tenants) as seen'];
const restart =
  'Start Tenantry again, which writes current_tenant() anew, and see what else the doctor finds.';

/** Contexts that must not give a tenant, and what PostgreSQL answers to each. */
function badContexts(key: string): readonly (readonly [what: string, context: string])[] {
  const [mine, theirs] = [newId<TenantId>(), newId<TenantId>()];
  const good = signContext(key, mine, seconds() + 60);
  return [
    ['whose tenant was exchanged', good.replace(mine, theirs)],
    ['signed with another key', signContext(`${key}x`, theirs, seconds() + 60)],
    ['that has expired', signContext(key, mine, seconds() - 60)],
    ['that is a bare tenant id', theirs],
    ['that is cut short', good.slice(0, -1)],
  ];
}

/** A context of ours gives its tenant; none gives nothing; one that was tampered with is an error. */
async function signedContext(app: ClientBase, key: string): Promise<CatalogueCheck> {
  const findings: Finding[] = [];
  const tenant = newId<TenantId>();
  const own = await attempt(app, look, signContext(key, tenant, seconds() + 60));
  if (!('rows' in own) || own.rows[0]?.tenant !== tenant) {
    const said = 'code' in own ? own.code : String(own.rows[0]?.tenant);
    findings.push({
      what: `A tenant context that this installation signed is not taken: ${said}.`,
      fix: 'See that TENANT_CONTEXT_KEY is the same in every process and that the clocks agree, and start again.',
      severity: 'warning',
    });
  }
  const without: [string, readonly string[]][] = [
    ['Without a tenant context', look],
    [
      'With a setting that is no longer read (app.tenant_id)',
      [`set local app.tenant_id = '${tenant}'`, ...look],
    ],
  ];
  for (const [what, statements] of without) {
    const none = await attempt(app, statements);
    const seen = 'rows' in none && none.rows[0];
    if (seen && seen.tenant === null && seen.seen === 0) continue;
    findings.push({ what: `${what}, tenantry_app is given a tenant or rows.`, fix: restart });
  }
  const bad = badContexts(key);
  for (const [what, context] of bad) {
    const outcome = await attempt(app, look, context);
    if ('code' in outcome && outcome.code === 'TC001') continue;
    findings.push({ what: `A tenant context ${what} is not refused.`, fix: restart });
  }
  return { check: 'signed-context', looked: bad.length + without.length + 1, findings };
}

/** Ways by which a login would become more than it is. */
const escapes: readonly (readonly [what: string, statements: readonly string[]])[] = [
  ['act as the owner', [`set local role ${ownerRole}`]],
  ['see the keys', ['select key from private.context_keys']],
  ['ask for a key', ["select private.context_key('x')"]],
  ['switch row security off', ['set local row_security = off', 'select id from tenants']],
  ['disable a table’s row security', ['alter table tenants disable row level security']],
  ['make a table', ['create table public.tried (x int)']],
  ['make a temporary table', ['create temporary table tenants (id uuid)']],
  ['empty a table', ['truncate tenant_keys']],
];

/** What a login must not do is tried, and undone should it work. */
async function closedDoors(app: ClientBase): Promise<CatalogueCheck> {
  const findings: Finding[] = [];
  for (const [what, statements] of escapes) {
    const outcome = await attempt(app, statements);
    if ('code' in outcome) continue;
    findings.push({
      what: `tenantry_app can ${what}.`,
      fix: 'Start Tenantry again, which puts roles and grants right, and see what else the doctor finds.',
    });
  }
  return { check: 'closed-doors', looked: escapes.length, findings };
}

/**
 * A transaction's tenant ends with it, also behind a pooler, where the next transaction on the
 * server's connection may be somebody else's.
 */
async function contextEnds(
  app: ClientBase,
  other: ClientBase,
  key: string,
): Promise<CatalogueCheck> {
  const left = async () => {
    const answers = await Promise.all(
      [app, other, app, other].map((client) =>
        client.query<{ left: string | null }>("select current_setting('app.tenant', true) as left"),
      ),
    );
    return answers.some(({ rows }) => Boolean(rows[0]?.left));
  };
  const findings: Finding[] = [];
  if (await left()) {
    findings.push({
      what: 'A connection has a tenant before any transaction gave it one.',
      fix: 'See which role or database setting or pooler sets app.tenant, and take it away.',
    });
  } else {
    await app.query('begin');
    const context = signContext(key, newId<TenantId>(), seconds() + 60);
    await app.query('select public.use_tenant($1)', [context]);
    await app.query('commit');
    if (await left()) {
      findings.push({
        what: 'A transaction leaves its tenant behind on its connection.',
        fix: 'See that the pooler in front of PostgreSQL keeps transactions whole (transaction mode).',
      });
    }
  }
  return { check: 'context-ends', looked: 8, findings };
}

/**
 * Try, as the login that serves tenants, what must not work. Everything is rolled back.
 * @param app a connection as `tenantry_app`
 * @param other a second one
 * @param key the installation's context key
 */
export async function probe(
  app: ClientBase,
  other: ClientBase,
  key: string,
): Promise<CatalogueCheck[]> {
  return [
    await signedContext(app, key),
    await contextEnds(app, other, key),
    await closedDoors(app),
  ];
}
