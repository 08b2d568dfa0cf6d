import type { Value } from './values';

/**
 * Values for columns that the catalogue alone does not lead to, by `schema.table` and column: a type
 * or a check that the suite cannot read. A table that cannot be filled fails the suite with the line
 * to add here.
 */
export const samples: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
  // The number of a transaction; the database's own word.
  'public.audit_events': { written_in: '1' },
  // The time of the transaction, and no other.
  'public.jobs': { created_at: 'now' },
  'public.tenant_limits': { provider_budget_percent: '50' },
  'public.approvals': { decision: 'approved' },
};

/**
 * Calls of functions that act with others' rights and take arguments, by schema and name: each is to
 * find something of one's own, so that it is known to look. `{mark}` stands for what the owner of the
 * row has in all texts, `{id}` for the id of one of its resources. A function without a call fails the
 * suite.
 */
export const calls: Readonly<Record<string, readonly string[]>> = {
  'search.resources': [
    "null, null, null, null, null, null, 'all', null, 1000",
    "'{mark}', null, null, null, null, null, 'all', null, 1000",
    "'', '', null, null, null, null, 'all', null, 1000",
    "'%', null, null, null, null, null, 'all', null, 1000",
    "null, '{mark}', null, null, null, null, 'all', null, 1000",
    "null, null, 'mark', '{mark}', null, null, 'all', null, 1000",
    "null, null, null, null, null, null, 'all', '{id}', 1000",
    "null, null, null, null, null, null, 'gone', null, 1000",
    "'{mark}', null, null, null, null, null, 'all', null, 1000, 1",
  ],
};
