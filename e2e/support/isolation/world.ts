import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import type { Pool } from 'pg';
import { v7 } from 'uuid';
import * as schema from '@/db/schema';
import { googleScopes } from '@/lib/providers/google/scopes';
import { plantAlert, plantApproval, plantCampaign, plantDeletion, plantView } from './console';
import { holders } from './holders';

/**
 * Rows for a tenant, one in every table that tenants have, made from the schema itself: a new table
 * has its row, and a canary in each of its texts, without anybody writing it.
 */

type Config = ReturnType<typeof getTableConfig>;
type Column = Config['columns'][number];
type Row = Readonly<Record<string, unknown>>;

/** Tables of the tenants', each after those that it refers to. */
export const tenantTables: readonly Config[] = (() => {
  const declared = new Set(
    schema.declaredTables().flatMap(({ name, tenant }) => (tenant ? [name] : [])),
  );
  const left = Object.values(schema)
    .flatMap((each) => (is(each, PgTable) ? [getTableConfig(each as PgTable)] : []))
    .filter(({ name }) => declared.has(name));
  const targets = ({ foreignKeys, name }: Config) =>
    foreignKeys
      .map((key) => getTableConfig(key.reference().foreignTable as PgTable).name)
      .filter((target) => target !== name && declared.has(target));
  const ordered: Config[] = [];
  while (ordered.length < declared.size) {
    const done = new Set(ordered.map(({ name }) => name));
    const next = left.find((one) => !done.has(one.name) && targets(one).every((t) => done.has(t)));
    if (!next) throw new Error('Tables refer to each other in a circle.');
    ordered.push(next);
  }
  return ordered;
})();

let numbered = 0;
/** A number that no other row has: a tenant may be given a world more than once. */
const another = () => {
  numbered += 1;
  return numbered;
};

/** What a row needs to be of use to the product; everything else is chosen by the column's type. */
const lifelike: Readonly<Record<string, (mark: string) => Row>> = {
  connections: (mark) => ({
    state: 'active',
    account_email: `account@${mark}.example`,
    state_reason: null,
    scopes: googleScopes.map(({ scope }) => scope),
  }),
  automations: (mark) => ({
    template: 'external-files',
    parameters: { ownDomains: [`${mark}.example`], limit: 10 },
    trigger: { type: 'manual' },
  }),
  runs: (mark) => ({ parameters: { ownDomains: [], limit: 10, mark }, error: null }),
  run_steps: () => ({ state: 'succeeded' }),
  effects: () => ({ state: 'done' }),
  discoveries: () => ({ state: 'succeeded', counts: {} }),
  reports: (mark) => ({ columns: [{ key: 'name', label: `${mark} column`, type: 'text' }] }),
  report_rows: (mark) => ({ cells: { name: `${mark} cell` } }),
  invitations: () => ({ role: 'viewer' }),
  exports: () => ({ sealed_passphrase: '', error: null }),
  audit_streams: () => ({
    state: 'paused',
    settings: { kind: 'webhook', url: 'http://127.0.0.1:9/' },
    sealed_secret: '',
    failure: null,
  }),
  memberships: () => ({ role: 'viewer' }),
  // What is walked is not to be held up by a limit: a tenant is given a world for each of its cases.
  tenant_limits: (mark) => ({
    ...{ automations: 100_000, members: 100_000, runs_at_once: null, runs_per_month: null },
    ...{ provider_budget_percent: null, retention_runs_days: null },
    ...{ retention_logs_days: null, retention_resources_days: null },
    kept_longer: [{ key: 'retentionRunsDays', days: 30, until: '1990-01-01T00:00:00Z', mark }],
  }),
  support_sessions: () => ({ ending: null }),
  support_requests: () => ({ decision: null, decided_by: null }),
  record_checkpoints: (mark) => ({
    note: `${mark}.example/tenants\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n`,
    published_at: new Date(),
  }),
  record_tiles: () => ({ level: 9 }),
};

const tomorrow = () => new Date(Date.now() + 86_400_000);
/** An hour long ago that no other row has. */
const longAgo = () => new Date(Date.UTC(1990, 0) + another() * 3_600_000);

/** What has come to an end; other moments stay empty where they may, or lie ahead. */
const moments: Readonly<Record<string, () => Date>> = {
  'jobs.dispatched_at': () => new Date(),
  'mails.sent_at': () => new Date(),
  'run_steps.finished_at': () => new Date(),
  'audit_streams.next_attempt_at': tomorrow,
  'record_waiting.retry_at': tomorrow,
  'usage_hours.hour': longAgo,
  'usage_warnings.month': longAgo,
  // Counted and measured beyond today: the clock that does so finds nothing to do among tests.
  'usage_states.counted_until': tomorrow,
  'usage_states.storage_measured_at': tomorrow,
  // Nobody is written to while they are looked at.
  'reconsent_requests.next_mail_at': tomorrow,
  // Under way, as long as a session is.
  'support_sessions.ends_at': () => new Date(Date.now() + 29 * 60_000),
};

const people = /^(?:user|actor)_id$|_by$/;
const inTable = new Map<string, string>(
  Object.entries(holders).map(([kind, table]) => [
    `${kind.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`)}_id`,
    table,
  ]),
);
inTable.set('last_seen_in', holders.discovery);

interface Making {
  readonly tenant: string;
  readonly person: string;
  readonly mark: string;
  readonly made: ReadonlyMap<string, string>;
}

/** Numbers that only one row of a tenant has, far from those that the product counts up. */
const numbers = new Set(['record_leaves.sequence', 'record_tiles.position']);

/** Beside the tree that the product grows of a tenant's events meanwhile, and smaller than any. */
const below = new Set(['record_checkpoints.size']);

function chosenFor(table: string, column: Column, { tenant, person, mark, made }: Making): unknown {
  const { name } = column;
  const type = column.getSQLType();
  if (name === 'tenant_id') return tenant;
  const known = made.get(inTable.get(name) ?? '');
  if (type === 'uuid') return people.test(name) ? person : (known ?? v7());
  if (column.enumValues?.length) return column.enumValues[0];
  if (type.startsWith('text collate') || type === 'text') return `${mark} ${table}.${name}`;
  if (type === 'text[]') return [`${mark} ${name}`];
  if (type === 'uuid[]') return [person];
  if (numbers.has(`${table}.${name}`)) return 1_000_000_000 + another();
  if (below.has(`${table}.${name}`)) return -another();
  if (type === 'jsonb') {
    const value = { mark: `${mark} ${table}.${name}` };
    return Array.isArray(column.default) ? [value] : value;
  }
  if (type === 'boolean') return true;
  if (type.startsWith('timestamp')) return (moments[`${table}.${name}`] ?? tomorrow)();
  return 1;
}

/** Whether a value is chosen for it: not where the database has one, and no id of an older row. */
function chosen(column: Column, table: string): boolean {
  if (column.generated || column.name === 'id' || column.name === 'rerun_of') return false;
  const moment = column.getSQLType().startsWith('timestamp');
  if (moment && !(`${table}.${column.name}` in moments))
    return column.notNull && !column.hasDefault;
  return !(column.hasDefault && /^(?:int|boolean|xid8)/.test(column.getSQLType()));
}

const parameter = (column: Column | undefined, value: unknown) =>
  column?.getSQLType() === 'jsonb' && value !== null ? JSON.stringify(value) : value;

/** Put a row into a tenant's table. @returns its id */
export async function plant(
  pool: Pool,
  table: Config,
  making: Making,
  given: Row = {},
): Promise<string> {
  const id = v7();
  const own = table.columns.filter((column) => chosen(column, table.name));
  const row: Row = {
    id,
    ...Object.fromEntries(
      own.map((column) => [column.name, chosenFor(table.name, column, making)]),
    ),
    ...given,
  };
  const names = Object.keys(row);
  const values = names.map((name) =>
    parameter(
      table.columns.find((column) => column.name === name),
      row[name],
    ),
  );
  const places = names.map((_, at) => `$${at + 1}`).join(', ');
  const columns = names.map((name) => `"${name}"`).join(', ');
  const insert = `insert into "${table.name}" (${columns}) values (${places})`;
  if (!isOneOfATenant(table)) {
    await pool.query(insert, values);
    return id;
  }
  const { rows } = await pool.query<{ id: string }>(
    `with made as (${insert} on conflict do nothing returning id)
     select id from made union all select id from "${table.name}" where tenant_id = $${values.length + 1}::uuid`,
    [...values, making.tenant],
  );
  return rows[0]?.id ?? id;
}

/** Whether a tenant has one row of it at most, so that it is there after the first world. */
const isOneOfATenant = ({ indexes }: Config): boolean =>
  indexes.some(({ config: { unique, columns } }) => {
    const [column, ...others] = columns;
    return (
      unique && column && others.length === 0 && 'name' in column && column.name === 'tenant_id'
    );
  });

export interface World {
  readonly tenant: string;
  readonly mark: string;
  /** The person that everything in it is by; a viewer. */
  readonly person: { readonly id: string; readonly email: string };
  /** Ids by table. */
  readonly rows: ReadonlyMap<string, string>;
  /** Of an alert that is about this tenant; for staff. */
  readonly alert: string;
  /** Of what somebody of the staff asked another to approve, about this tenant. */
  readonly approval: string;
  /** Of a campaign that asks this tenant; for staff. */
  readonly campaign: string;
  /** Of a saved view; for staff. */
  readonly view: string;
  /** Of a deletion that waits in its grace; for staff. */
  readonly deletion: string;
  /** Of the request that its audit event came of. */
  readonly requestId: string;
}

/** Somebody new, without a password. */
export async function plantPerson(
  pool: Pool,
  name: string,
  domain: string,
): Promise<{ readonly id: string; readonly email: string }> {
  const id = v7();
  const email = `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}.${id.slice(-12)}@${domain}`;
  await pool.query('insert into users (id, email, name) values ($1, $2, $3)', [id, email, name]);
  return { id, email };
}

/** What only the product can make of use: a key that does not open stops what it seals. */
const secretTables = new Set(['credentials', 'tenant_keys', 'record_keys']);

/**
 * One row in every table of a tenant, belonging together.
 * @param options.bare every text is the mark and nothing more useful; without it, the rows are such
 *   as the product makes, and secrets, which only it can make, are left out
 */
export async function makeWorld(
  pool: Pool,
  tenant: string,
  mark: string,
  { bare = false }: { readonly bare?: boolean } = {},
): Promise<World> {
  const person = await plantPerson(pool, `${mark} person`, `${mark}.example`);
  const rows = new Map<string, string>();
  const requestId = v7();
  const campaign = await plantCampaign(pool, person.id);
  const view = await plantView(pool, person.id);
  for (const table of tenantTables) {
    if (secretTables.has(table.name) && !bare) continue;
    const making = { tenant, person: person.id, mark, made: rows };
    const unique = bare ? {} : uniqueTexts(table, mark);
    const given = bare ? {} : { ...lifelike[table.name]?.(mark) };
    if (table.name === 'reconsent_requests') Object.assign(given, { campaign_id: campaign });
    // Older than the tenant's own key, which goes on being the one that seals.
    if (table.name === 'tenant_keys') Object.assign(given, { generation: 0 });
    if (table.name === 'audit_events' && !bare) Object.assign(given, { request_id: requestId });
    rows.set(table.name, await plant(pool, table, making, { ...unique, ...given }));
  }
  const alert = await plantAlert(pool, tenant);
  const approval = await plantApproval(pool, tenant);
  const deletion = await plantDeletion(pool);
  return { tenant, mark, person, rows, requestId, alert, approval, campaign, view, deletion };
}

/** Texts by which a tenant may have a thing once only. */
function uniqueTexts({ name, columns }: Config, mark: string): Row {
  const once = /_hash$|^digest$|^account_id$|^idempotency_key$|^email$|^request_id$/;
  return Object.fromEntries(
    columns
      .filter((column) => once.test(column.name) && column.getSQLType() === 'text')
      .map((column) => [column.name, `${mark} ${name} ${v7()}`]),
  );
}

export type { Config as TenantTable };
