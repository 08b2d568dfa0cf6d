import { is } from 'drizzle-orm';
import { getTableConfig, type PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import * as schema from '../../schema';
import { declaredTables } from '../../schema/table';

/** Tenants in the crowd; the first of them is the large one. */
export const crowdSize = 2_000;
/** Rows of a table that a small tenant has, and the large one. */
const usual = { small: 10, large: 1_500 } as const;

/** Tables of which tenants have more, or fewer. */
const rows: Readonly<Record<string, { readonly small: number; readonly large: number }>> = {
  resources: { small: 80, large: 200_000 },
  audit_events: { small: 30, large: 12_000 },
  audit_index: { small: 30, large: 12_000 },
  provider_calls: { small: 20, large: 8_000 },
  run_steps: { small: 20, large: 8_000 },
  effects: { small: 15, large: 5_000 },
  report_rows: { small: 20, large: 8_000 },
  jobs: { small: 15, large: 5_000 },
  memberships: { small: 5, large: 300 },
  connections: { small: 2, large: 8 },
  credentials: { small: 2, large: 8 },
  provider_budgets: { small: 2, large: 8 },
  automations: { small: 5, large: 60 },
};

export interface Crowd {
  readonly large: string;
  readonly small: string;
}

/** A moment that is there for a few rows only: something that seldom happens to a thing. */
const seldom = /^(gone|archived|revoked|cancel|paused|accepted|used|retired|acknowledged|deleted)/;
/** Texts of which there are few different ones. */
const few = /^(action|kind|template|method|outcome|target_type|role|reason|path|key|phase)$/;

const isTenantTable = new Set(
  declaredTables()
    .filter(({ tenant }) => tenant)
    .map(({ name }) => name),
);

function rowsOf(table: string): string {
  const { small, large } = rows[table] ?? usual;
  return `(case when tenant.n = 1 then ${large} else ${small} end)`;
}

/** How many times 13 minutes ago the k-th row of a tenant came to be: within 90 days. */
const age = (k: string) => `((${k}) * 7919 + tenant.n * 31) % 10000`;

/**
 * The id of the k-th row of a tenant's in a table: the same wherever it is pointed to, and led by its
 * time as all our ids are (UUID version 7), since the planner knows how those are spread.
 */
const idOf = (table: string, k: string) =>
  `(lpad(to_hex(tenant.epoch - 780000::bigint * (${age(k)})), 12, '0') || '7'
    || overlay(substr(md5('${table}:' || tenant.n || ':' || ${k}), 1, 19) placing '8' from 4 for 1))::uuid`;

/** Ids that people go by stand in columns of several names. */
function pointsTo(column: PgColumn, targets: ReadonlyMap<string, string>): string | undefined {
  const declared = targets.get(column.name);
  if (declared) return declared;
  if (/^(user_id|actor_id|.*_by)$/.test(column.name)) return 'users';
  const [, thing] = /^(.*)_id$/.exec(column.name) ?? [];
  return [...isTenantTable].find((name) => thing !== undefined && name === `${thing}s`);
}

/** What a column's value is, for the k-th row of a tenant. */
function valueFor(column: PgColumn, table: string, targets: ReadonlyMap<string, string>): string {
  const type = column.getSQLType();
  if (column.name === 'tenant_id') return 'tenant.id';
  if (column.name === 'id' && type === 'uuid') return idOf(table, 'k');
  const target = type === 'uuid' ? pointsTo(column, targets) : undefined;
  if (target === 'users') return idOf('users', `(1 + (k - 1) % ${rowsOf('memberships')})`);
  if (target) return idOf(target, `(1 + (k - 1) % ${rowsOf(target)})`);
  if (column.enumValues?.length) {
    const words = column.enumValues.map((word) => escapeLiteral(word)).join(', ');
    return `(array[${words}])[1 + k % ${column.enumValues.length}]`;
  }
  const value = plainValue(column, type);
  if (column.notNull || type.startsWith('text')) return value;
  return seldom.test(column.name)
    ? `case when k % 20 = 0 then ${value} end`
    : `case when k % 50 > 0 then ${value} end`;
}

function plainValue(column: PgColumn, type: string): string {
  if (type.endsWith('[]')) return `'{}'::${type}`;
  if (type.startsWith('text') || type.startsWith('varchar')) {
    return few.test(column.name) ? `'value ' || k % 12` : `'${column.name} ' || k`;
  }
  if (type.startsWith('timestamp') || type === 'date') {
    return `now() - (${age('k')}) * interval '13 minutes'`;
  }
  if (type === 'uuid') return `md5('${column.name}' || tenant.n || ':' || k)::uuid`;
  if (type === 'boolean') return 'k % 3 > 0';
  if (type === 'xid8') return '(k % 1000)::text::xid8';
  if (type === 'bytea') return "decode(md5(k::text), 'hex')";
  if (type === 'jsonb' || type === 'json') return `'{}'::${type}`;
  return `(k % 1000)::${type}`;
}

/** Fill one table of tenants, whatever its columns are. */
function filling(table: PgTable): string | undefined {
  const { name, columns, foreignKeys } = getTableConfig(table);
  if (!isTenantTable.has(name)) return undefined;
  const targets = new Map(
    foreignKeys.flatMap((key) => {
      const { columns: own, foreignTable } = key.reference();
      const column = own.find((each) => each.name !== 'tenant_id');
      return column ? [[column.name, getTableConfig(foreignTable).name] as const] : [];
    }),
  );
  const given = columns.filter((column) => !column.generated && !column.generatedIdentity);
  const names = given.map((column) => escapeIdentifier(column.name)).join(', ');
  const values = given.map((column) => valueFor(column, name, targets)).join(', ');
  return `insert into ${escapeIdentifier(name)} (${names})
    select ${values} from crowd tenant cross join lateral generate_series(1, ${rowsOf(name)}) k
    on conflict do nothing`;
}

/**
 * Fill a database with 2,000 tenants, one of them large, in every table of tenants that there is: a
 * new one is filled without anybody saying how. Keys are not checked on the way, and checks of single
 * columns are taken off: it is a crowd, not a story.
 * @param owner as the superuser
 */
export async function fillCrowd(owner: Client): Promise<Crowd> {
  await owner.query("set session_replication_role = replica; set maintenance_work_mem = '256MB'");
  const { rows: checks } = await owner.query<{ drop: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop
       from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace`,
  );
  for (const { drop } of checks) await owner.query(drop);
  await owner.query(
    `create temp table crowd as
     select md5('tenants:' || n)::uuid as id, n,
            (extract(epoch from now()) * 1000)::bigint as epoch
       from generate_series(1, ${crowdSize}) n`,
  );
  await owner.query(`insert into tenants (id, name) select id, 'Tenant ' || n from crowd`);
  await owner.query(
    `insert into users (id, email, name)
     select ${idOf('users', 'k')}, 'person' || k || '@' || tenant.n || '.example', 'Person ' || k
       from crowd tenant cross join lateral generate_series(1, ${rowsOf('memberships')}) k`,
  );
  const { rows: indexes } = await owner.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
       from pg_index i join pg_class c on c.oid = i.indrelid
      where c.relnamespace = 'public'::regnamespace and not i.indisunique`,
  );
  // Made at once at the end rather than row by row.
  for (const { name } of indexes) await owner.query(`drop index ${name}`);
  const tables = Object.values<unknown>(schema).filter((value) => is(value, PgTable));
  for (const table of tables) {
    const statement = filling(table);
    if (statement) await owner.query(statement);
  }
  for (const { definition } of indexes) await owner.query(definition);
  // The sealing has come to all of it, as it has a second after anything is written.
  await owner.query('update record_progress set done = pg_current_snapshot()::text');
  await owner.query('vacuum analyze');
  await owner.query('set session_replication_role = origin');
  const { rows: ends } = await owner.query<{ id: string }>(
    'select id from crowd where n <= 2 order by n',
  );
  return { large: ends[0]?.id ?? '', small: ends[1]?.id ?? '' };
}
