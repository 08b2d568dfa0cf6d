import { beforeAll, describe, expect, it } from 'vitest';
import { and, eq, type ResourceId, type SQL, sql, type TenantContext } from '@/db';
import { resources } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { createKnownRows } from '@/db/testing/rows';

const database = testDatabase();

let mine: TenantContext;
let id: ResourceId;

beforeAll(async () => {
  mine = (await createKnownRows(database, 100, 1))[0] as TenantContext;
  await database.owner.query(
    `insert into resources (tenant_id, id, connection_id, kind, provider_id, name, last_seen_in)
     select c.tenant_id, gen_random_uuid(), c.id, 'file', n::text, 'File ' || n, gen_random_uuid()
       from connections c cross join generate_series(1, 200) n`,
  );
  await database.owner.query('analyze');
  const { rows } = await database.owner.query('select id from resources where tenant_id = $1', [
    mine.tenantId,
  ]);
  id = rows[0].id;
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** The plan of a statement as the app role runs it, its nodes in a row. */
async function planOf(context: TenantContext, query: SQL): Promise<PlanNode[]> {
  const [plan] = await database.explain<{ Plan: PlanNode }[]>(
    context,
    query,
    'analyze, format json, timing off, summary off',
  );
  const flat = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flat)];
  return (plan ?? []).flatMap(({ Plan }) => flat(Plan));
}

const indexes = (nodes: readonly PlanNode[]) =>
  nodes.map((node) => node['Index Name']).filter((name) => name !== undefined);
const removed = (nodes: readonly PlanNode[]) =>
  nodes.reduce((sum, node) => sum + (node['Rows Removed by Filter'] ?? 0), 0);

describe('under row security', () => {
  it('a row is read by the primary key', async () => {
    const plan = await planOf(
      mine,
      sql`select * from ${resources}
           where ${and(eq(resources.tenantId, mine.tenantId), eq(resources.id, id))}`,
    );
    expect(indexes(plan)).toEqual(['resources_pkey']);
    expect(removed(plan)).toBe(0);
  });

  it('so it is when the statement leaves the tenant to the policy', async () => {
    const plan = await planOf(mine, sql`select * from ${resources} where ${eq(resources.id, id)}`);
    expect(indexes(plan)).toEqual(['resources_pkey']);
    expect(removed(plan)).toBe(0);
  });

  it('a page comes out of its index in order', async () => {
    const plan = await planOf(
      mine,
      sql`select * from ${resources} where ${eq(resources.tenantId, mine.tenantId)}
           order by ${resources.sortName}, ${resources.id} limit 50`,
    );
    expect(indexes(plan)).toEqual(['resources_by_name']);
    expect(plan.map((node) => node['Node Type'])).not.toContain('Sort');
    expect(removed(plan)).toBe(0);
  });

  it("a count reads the tenant's own rows only", async () => {
    const plan = await planOf(mine, sql`select count(*) from ${resources}`);
    expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan');
    expect(removed(plan)).toBe(0);
  });
});
