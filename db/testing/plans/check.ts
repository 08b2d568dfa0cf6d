import type { Client } from 'pg';
import { type JourneyQuery, shapeOf, tenantTableNames } from '../../observe';
import type { Crowd } from './crowd';
import { isExcepted } from './exceptions';
import { type Planner, planModes, planText } from './explain';
import { type Catalogue, type IndexFacts, judgePlan } from './judge';

/** Read what the rules need to know of the indexes. */
export async function readCatalogue(owner: Client): Promise<Catalogue> {
  const { rows } = await owner.query<IndexFacts & { name: string }>(
    `select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as table,
            a.attname as leads
       from pg_index i join pg_class c on c.oid = i.indrelid
       left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where c.relnamespace = 'public'::regnamespace`,
  );
  return {
    tenantTables: tenantTableNames(),
    indexes: new Map(rows.map(({ name, table, leads }) => [name, { table, leads }])),
  };
}

/** Statements that have no plan: of transactions, sessions and settings. */
export function isPlanned({ sql }: JourneyQuery): boolean {
  return /^\s*(?:\/\*[^*]*\*\/\s*)?(select|with|insert|update|delete|values)\b/i.test(sql);
}

/** Put another tenant in the place of those of the journey. */
export function valuesFor(
  { values }: JourneyQuery,
  tenants: ReadonlySet<string>,
  tenant: string,
): readonly (string | null)[] {
  return values.map((value) => {
    if (value === null || value.length > 10_000) return value;
    return value.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) =>
      tenants.has(id) ? tenant : id,
    );
  });
}

function report(query: JourneyQuery, what: string, fix: string, plan: string): string {
  const { text } = shapeOf(query.role, query.sql);
  return `${what}\n  fix: ${fix}\n  or say why it is right in db/testing/plans/exceptions.ts\n  as ${query.role}: ${text}\n${plan.replaceAll(/^/gm, '    ')}`;
}

/** Whose rows a query means must stand in it, or why it means several tenants'. */
export function tenantLess(journey: readonly JourneyQuery[]): readonly string[] {
  return journey
    .filter(({ unbound, lawful }) => unbound.length > 0 && !lawful)
    .map((query) => {
      const tables = query.unbound.join(', ');
      const fix =
        query.role === 'app'
          ? 'filter each by tenant_id: the policy is the net, not the filter'
          : 'filter each by tenant_id, or say why it is lawful with acrossTenants(…) from @/db';
      return report(query, `It does not say whose rows of ${tables} it means.`, fix, '');
    });
}

/** Plan a query as everybody may have it planned, and say what is wrong; each fault once. */
export async function faultsOf(
  planner: Planner,
  query: JourneyQuery,
  {
    catalogue,
    crowd,
    tenants,
  }: {
    readonly catalogue: Catalogue;
    readonly crowd: Crowd;
    readonly tenants: ReadonlySet<string>;
  },
): Promise<readonly string[]> {
  const reports = new Map<string, string>();
  for (const [size, tenant] of Object.entries(crowd)) {
    for (const mode of planModes) {
      const plan = await planner.plan(query, valuesFor(query, tenants, tenant), { tenant, mode });
      for (const fault of judgePlan(plan, catalogue)) {
        const acrossIndex = fault.kind === 'index without its tenant' && query.lawful;
        if (acrossIndex || isExcepted(query, fault)) continue;
        const key = `${fault.kind} ${fault.table}`;
        const where = `(${size} tenant, ${mode.replaceAll('_', ' ')})`;
        if (!reports.has(key)) {
          reports.set(key, report(query, `${fault.what} ${where}`, fault.fix, planText(plan)));
        }
      }
    }
  }
  return [...reports.values()];
}
