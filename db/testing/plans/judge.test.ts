import { describe, expect, it } from 'vitest';
import type { JourneyQuery } from '../../observe';
import { isPlanned, tenantLess, valuesFor } from './check';
import { isExcepted } from './exceptions';
import type { PlanNode } from './explain';
import { judgePlan } from './judge';

const catalogue = {
  tenantTables: new Set(['resources', 'audit_events', 'jobs']),
  indexes: new Map([
    ['resources_pkey', { table: 'resources', leads: 'tenant_id' }],
    ['audit_events_all', { table: 'audit_events', leads: 'id' }],
    ['jobs_by_id', { table: 'jobs', leads: 'id' }],
    ['tenants_pkey', { table: 'tenants', leads: 'id' }],
  ]),
};

const node = (type: string, rest: Partial<PlanNode> = {}): PlanNode => ({
  'Node Type': type,
  'Plan Rows': 1,
  ...rest,
});
const kinds = (plan: PlanNode) => judgePlan(plan, catalogue).map(({ kind }) => kind);
const byKey = node('Index Scan', {
  'Index Name': 'resources_pkey',
  'Relation Name': 'resources',
  'Index Cond': "((resources.tenant_id = '1'::uuid) AND (resources.id = '2'::uuid))",
});

const asked = (rest: Partial<JourneyQuery>): JourneyQuery => ({
  fingerprint: '0123456789abcdef',
  role: 'app',
  sql: 'select 1',
  values: [],
  tenantId: null,
  unbound: [],
  lawful: false,
  ...rest,
});

describe('a plan is refused that', () => {
  it.each([
    [
      'reads a table of tenants from end to end',
      node('Seq Scan', { 'Relation Name': 'resources' }),
    ],
    [
      'does so deep inside',
      node('Hash Join', {
        Plans: [byKey, node('Hash', { Plans: [node('Seq Scan', { 'Relation Name': 'jobs' })] })],
      }),
    ],
  ])('%s', (_what, plan) => {
    expect(kinds(plan)).toEqual(['sequential scan']);
  });

  it.each([
    ['walks an index without a condition', { 'Index Name': 'resources_pkey' }],
    [
      'goes by an index of everybody',
      { 'Index Name': 'audit_events_all', 'Index Cond': '(audit_events.id < $1)' },
    ],
    [
      'asks a tenant’s index for something else',
      { 'Index Name': 'resources_pkey', 'Index Cond': '(resources.id = $1)' },
    ],
  ])('%s', (_what, rest) => {
    for (const type of ['Index Scan', 'Index Only Scan', 'Bitmap Index Scan']) {
      expect(kinds(node(type, rest))).toEqual(['index without its tenant']);
    }
  });

  it('sorts very many rows for a page', () => {
    const sort = node('Sort', {
      'Plan Rows': 40_000,
      'Sort Key': ['resources.name'],
      Plans: [byKey],
    });
    expect(kinds(node('Limit', { Plans: [sort] }))).toEqual(['sorts the tenant']);
    expect(kinds(sort)).toEqual([]);
  });
});

describe('a plan passes that', () => {
  it.each([
    ['goes by the tenant’s key', byKey],
    ['reads other tables', node('Seq Scan', { 'Relation Name': 'tenants' })],
    [
      'reads the engine’s table of the same name',
      node('Seq Scan', { 'Relation Name': 'jobs', Schema: 'engine' }),
    ],
    ['goes by another table’s key', node('Index Scan', { 'Index Name': 'tenants_pkey' })],
  ])('%s', (_what, plan) => {
    expect(kinds(plan)).toEqual([]);
  });
});

describe('an exception', () => {
  const fault = (condition: string) =>
    judgePlan(
      node('Index Scan', { 'Index Name': 'jobs_by_id', 'Index Cond': condition }),
      catalogue,
    )[0];

  it('is made for one row by its id, and not for a walk through everybody’s', () => {
    const [one, many] = [fault("(jobs.id = '2'::uuid)"), fault("(jobs.id < '2'::uuid)")];
    expect(one && isExcepted(asked({}), one)).toBe(true);
    expect(many && isExcepted(asked({}), many)).toBe(false);
  });
});

describe('a journey', () => {
  it('tells of queries that do not say whose rows they mean, unless they say why', () => {
    const query = asked({ sql: 'select id from resources', unbound: ['resources'] });
    expect(tenantLess([query])[0]).toContain('filter each by tenant_id');
    expect(tenantLess([{ ...query, lawful: true }, asked({})])).toEqual([]);
  });

  it('has other tenants put in the place of its own', () => {
    const [own, other] = [crypto.randomUUID(), crypto.randomUUID()];
    const query = asked({ values: [own, other, null, `{${own},${other}}`] });
    expect(valuesFor(query, new Set([own]), 'x')).toEqual(['x', other, null, `{x,${other}}`]);
  });

  it('is planned where there is something to plan', () => {
    const isIt = (sql: string) => isPlanned(asked({ sql }));
    expect(['select 1', '/* why */ with a as (select 1) select', 'UPDATE x'].every(isIt)).toBe(
      true,
    );
    expect(['begin', 'commit', 'listen x', 'savepoint sp1'].some(isIt)).toBe(false);
  });
});
