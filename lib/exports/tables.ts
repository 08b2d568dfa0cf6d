import {
  and,
  asc,
  eq,
  getTableColumns,
  getTableName,
  gt,
  type SQL,
  sql,
  type TenantContext,
  type TenantId,
  type TenantTransaction,
} from '@/db';
import * as schema from '@/db/schema';

type Table = typeof schema.auditEvents;
type Column = Table['id'];

/** A table as it goes into the archive. */
export interface ExportedTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  count(tx: TenantTransaction): Promise<number>;
  /** Lines of JSON, in the order of the ids, some at a time. */
  lines(tx: TenantTransaction, context: TenantContext): AsyncGenerator<readonly string[]>;
}

export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

const secret = 'A secret, or what opens one.';
const check = 'Tells a secret that somebody holds from a wrong one; of no use to anybody else.';
const computed = 'Computed from other columns.';
const internal = 'Of use to this installation only.';

/** Tables that stay behind whole. */
const leftOutTables: Readonly<Record<string, string>> = {
  credentials: secret,
  tenant_keys: secret,
  record_keys: secret,
  audit_index: 'Computed from audit_events.',
};

/** Columns that stay behind, beside all that hold sealed texts and all that are computed. */
const leftOutColumns: Readonly<Record<string, string>> = {
  'invitations.token_hash': check,
  'consent_links.token_hash': check,
  'consent_requests.state_hash': check,
  'consent_requests.session_hash': check,
  'webhook_subscriptions.secret_hash': check,
  'discovery_cursors.cursor': internal,
  'users.session_version': internal,
};

/** Records read at a time. */
const batch = 500;

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && 'id' in value && 'getSQL' in value;
}

/** Columns that the role which serves tenants may read; null for none. */
function readable(grants: schema.Grants): 'all' | ReadonlySet<string> | null {
  const named = new Set<string>();
  for (const grant of grants.app ?? []) {
    if (grant === 'select') return 'all';
    if (typeof grant === 'object' && grant.privilege === 'select') {
      for (const column of grant.columns) named.add(column);
    }
  }
  return named.size > 0 ? named : null;
}

function whyNot(table: string, column: Column, may: 'all' | ReadonlySet<string>): string | null {
  if (column.name.startsWith('sealed')) return secret;
  if (column.generated) return computed;
  if (may !== 'all' && !may.has(column.name)) return internal;
  return leftOutColumns[`${table}.${column.name}`] ?? null;
}

/** Which rows are the organisation's; beside row security, which lets it see no others. */
function own(name: string, table: Table, tenant: TenantId | SQL): SQL | undefined {
  if (name === 'tenants') return eq(table.id, tenant as never);
  if (name !== 'users') return eq(table.tenantId, tenant);
  const { memberships } = schema;
  const members = sql`(select ${memberships.userId} from ${memberships} where ${memberships.tenantId} = ${tenant})`;
  return sql`${table.id} in ${members}`;
}

function exported(name: string, table: Table, columns: readonly Column[]): ExportedTable {
  const fields = Object.fromEntries(columns.map((column) => [column.name, column]));
  return {
    name,
    columns: columns.map((column) => ({ name: column.name, type: column.getSQLType() })),
    async count(tx) {
      const [row] = await tx
        .select({ rows: sql<number>`count(*)::int` })
        .from(table)
        .where(own(name, table, schema.currentTenant));
      return row?.rows ?? 0;
    },
    async *lines(tx, context) {
      let after: string | undefined;
      for (;;) {
        const newer = after === undefined ? [] : [gt(table.id, after as never)];
        // PostgreSQL writes the JSON: numbers and microseconds stay as they are.
        const rows = tx
          .select(fields)
          .from(table)
          .where(and(own(name, table, context.tenantId), ...newer))
          .orderBy(asc(table.id))
          .limit(batch)
          .as('exported');
        const found = await tx
          .select({ line: sql<string>`row_to_json(exported)::text`, id: sql<string>`exported.id` })
          .from(rows);
        if (found.length > 0) yield found.map(({ line }) => line);
        after = found.at(-1)?.id;
        if (found.length < batch) return;
      }
    },
  };
}

export interface Inventory {
  readonly tables: readonly ExportedTable[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Everything of an organisation's, by the declarations of the tables themselves: a new table is in it
 * without anybody adding it.
 * @throws Error for a table that shows an organisation rows and cannot be walked by its id
 */
export function inventory(): Inventory {
  const declared = new Map(schema.declaredTables().map((each) => [each.name, each]));
  const tables: ExportedTable[] = [];
  const leftOut: LeftOut[] = [];
  for (const value of Object.values(schema)) {
    if (!isTable(value)) continue;
    const name = getTableName(value);
    const declaration = declared.get(name);
    // Tables without row security are the platform's, and so is what tenants cannot read.
    if (!declaration?.rowSecurity) continue;
    declared.delete(name);
    const may = readable(declaration.grants);
    const reason = may === null ? internal : leftOutTables[name];
    if (reason !== undefined || may === null) {
      leftOut.push({ what: name, why: reason ?? internal });
      continue;
    }
    const columns: Column[] = [];
    for (const column of Object.values(getTableColumns(value)) as Column[]) {
      const why = whyNot(name, column, may);
      if (why === null) columns.push(column);
      else leftOut.push({ what: `${name}.${column.name}`, why });
    }
    tables.push(exported(name, value, columns));
  }
  const missing = [...declared.values()].filter(({ rowSecurity }) => rowSecurity);
  if (missing.length > 0) {
    throw new Error(`No way to export ${missing.map(({ name }) => name).join(', ')}.`);
  }
  return { tables: tables.toSorted((a, b) => (a.name < b.name ? -1 : 1)), leftOut };
}
