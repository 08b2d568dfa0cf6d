import { nodesOf, type PlanNode } from './explain';

/** What the catalogue says of an index. */
export interface IndexFacts {
  readonly table: string;
  /** Its first column. */
  readonly leads: string;
}

export interface Catalogue {
  readonly tenantTables: ReadonlySet<string>;
  readonly indexes: ReadonlyMap<string, IndexFacts>;
}

export type PlanFaultKind = 'sequential scan' | 'index without its tenant' | 'sorts the tenant';

/** What is wrong with a plan. */
export interface PlanFault {
  readonly kind: PlanFaultKind;
  readonly table: string;
  /** The index and its condition, if it goes by one. */
  readonly index?: string | undefined;
  readonly condition?: string | undefined;
  readonly what: string;
  readonly fix: string;
}

/** Rows from which on it is too many to sort for a page. */
const manyRows = 5_000;

const scans = new Set(['Index Scan', 'Index Only Scan', 'Bitmap Index Scan']);

function scanned(node: PlanNode, { tenantTables, indexes }: Catalogue): PlanFault | undefined {
  // The engine has tables of its own of the same names.
  if (node.Schema !== undefined && node.Schema !== 'public') return undefined;
  const index = node['Index Name'] ? indexes.get(node['Index Name']) : undefined;
  const table = index?.table ?? node['Relation Name'];
  if (table === undefined || !tenantTables.has(table)) return undefined;
  if (node['Node Type'] === 'Seq Scan') {
    return {
      kind: 'sequential scan',
      table,
      what: `${table} is read from end to end.`,
      fix: `Filter by tenant_id, and add to ${table} an index on (tenant_id, …) with what else is asked: ${node.Filter ?? 'nothing is'}.`,
    };
  }
  if (!scans.has(node['Node Type']) || !index) return undefined;
  const conditions = node['Index Cond'] ?? '';
  if (index.leads === 'tenant_id' && /\btenant_id = /.test(conditions)) return undefined;
  return {
    kind: 'index without its tenant',
    table,
    index: node['Index Name'],
    condition: node['Index Cond'],
    what: `${table} is read by ${node['Index Name']}${conditions ? ` where ${conditions}` : ' from end to end'}: the tenant does not lead.`,
    fix: `Filter by tenant_id, and let an index of ${table} begin with it.`,
  };
}

/** A sort below a limit, of more than a page is worth, that comes from one table of the tenant's. */
function sorted(plan: PlanNode, { tenantTables }: Catalogue): readonly PlanFault[] {
  const limits = nodesOf(plan).filter((node) => node['Node Type'] === 'Limit');
  const sorts = limits
    .flatMap(nodesOf)
    .filter((node) => node['Node Type'] === 'Sort' && node['Plan Rows'] > manyRows);
  return sorts.flatMap((sort) => {
    const tables = nodesOf(sort).flatMap((node) => node['Relation Name'] ?? []);
    const table = tables.find((name) => tenantTables.has(name));
    if (table === undefined) return [];
    const keys = (sort['Sort Key'] ?? []).join(', ');
    return [
      {
        kind: 'sorts the tenant' as const,
        table,
        what: `${sort['Plan Rows']} rows are sorted by ${keys} for the few that are wanted.`,
        fix: `Add to ${table} an index on (tenant_id, ${keys}).`,
      },
    ];
  });
}

/** What a plan does that no query may: see `PlanFaultKind`. */
export function judgePlan(plan: PlanNode, catalogue: Catalogue): readonly PlanFault[] {
  const faults = nodesOf(plan).flatMap((node) => scanned(node, catalogue) ?? []);
  return [...faults, ...sorted(plan, catalogue)];
}
