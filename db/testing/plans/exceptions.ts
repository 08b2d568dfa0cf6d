import type { JourneyQuery } from '../../observe';
import type { PlanFault } from './judge';

/** A plan that is as it should be, though the rules say otherwise. */
interface Exception {
  readonly kind: PlanFault['kind'];
  readonly table: string;
  /** Of an index that the tenant does not lead: its name, and the only condition it may be asked by. */
  readonly index?: string;
  readonly condition?: RegExp;
  /** What stands in the query, to know it by. */
  readonly holds?: string | RegExp;
  readonly why: string;
}

const oneRow =
  'Equal on an id that no other row has, this index finds the same one row as the key that the tenant leads; the planner takes their costs for the same.';

/** All there are. Queries that lawfully reach into several tenants need none for their indexes. */
export const planExceptions: readonly Exception[] = [
  {
    kind: 'sequential scan',
    table: 'webhook_subscriptions',
    holds: 'subscription_id = any($1)',
    why: 'All subscriptions of the plans’ database have one id, so that without the ids at hand reading all is cheapest; with them the index is taken.',
  },
  {
    kind: 'index without its tenant',
    table: 'jobs',
    index: 'jobs_by_id',
    condition: /^\(jobs\.id = [^ ]+\)$/,
    why: oneRow,
  },
  {
    kind: 'index without its tenant',
    table: 'memberships',
    index: 'memberships_by_user',
    condition: /^\(\w+\.user_id = [^ ]+\)$/,
    why: 'A person has a handful of memberships: whether one is found by the person or by tenant and person is the same to the planner.',
  },
  {
    kind: 'index without its tenant',
    table: 'tenant_access_logs',
    index: 'tenant_access_logs_person',
    condition: /^\(+tenant_access_logs\.user_id = [^ ]+\)( AND |$)/,
    why: 'A person’s refusals are nearly all in one tenant: found by the person or by tenant and person, they are the same few rows.',
  },
  {
    kind: 'sequential scan',
    table: 'tenant_keys',
    holds: 'the first start looks whether anything at all is sealed',
    why: 'It wants any one row, and runs only while there is no vault_state, at the first start.',
  },
  {
    kind: 'sequential scan',
    table: 'tenant_keys',
    holds: 'the operator looks at which keys there are',
    why: 'It wants every row, for the operator’s commands and the doctor.',
  },
  {
    kind: 'sequential scan',
    table: 'resources',
    holds: 'sum(pg_column_size',
    why: 'What a tenant’s rows hold is measured by reading all of them, every six hours at most; where one tenant has most rows, reading the table is cheapest.',
  },
  {
    kind: 'index without its tenant',
    table: 'connections',
    index: 'connections_broken',
    why: 'Holds broken connections only: to read all of it beside the tenant’s own few is nothing.',
  },
  {
    kind: 'sequential scan',
    table: 'support_requests',
    holds: 'from "support_requests" where "support_requests"."user_id" = $1 order by',
    why: 'What one of the staff asked for, of all tenants: there are as many rows as times that a tenant was asked, and a person looks at their own now and then.',
  },
  {
    kind: 'sequential scan',
    table: 'support_requests',
    holds: "select 'support_requests', count(*)",
    why: 'The overview counts what waits for an owner’s answer; a tenant has a handful of requests in all.',
  },
  {
    kind: 'index without its tenant',
    table: 'support_requests',
    index: 'support_requests_unanswered',
    why: 'Holds only what waits for an owner’s answer: a handful for all tenants together.',
  },
  {
    kind: 'sequential scan',
    table: 'credentials',
    holds: 'with one_of_each as',
    why: 'A few connections of a provider are picked, of all tenants that have one: where many have, reading all credentials once is cheapest.',
  },
  {
    kind: 'sequential scan',
    table: 'connections',
    holds: 'as elsewhere',
    why: 'Connections of the plans’ database have few accounts among them, so that reading all may be cheapest; with accounts told apart, connections_same_account is taken.',
  },
  {
    kind: 'index without its tenant',
    table: 'jobs',
    index: 'jobs_by_id',
    condition: /^\(jobs_1\.id < /,
    why: 'The nightly purge goes up to a day: ids are led by their time, and behind it there is next to nothing of anybody’s.',
  },
  {
    kind: 'index without its tenant',
    table: 'audit_events',
    index: 'audit_events_written',
    condition:
      /^\(\(\w+\.written_in >= (public\.)?audit_tail_from\(\)\) AND \(\w+\.written_in <= (public\.)?audit_tail_to\(\)\)( AND \(\w+\.id (<|>=) [^ ]+\))*\)$/,
    holds: 'audit_tail_from()',
    why: 'What the sealing has not come to is a second of all tenants’ events; where the tenant has many, that is less to read than what the tenant leads to.',
  },
  {
    kind: 'sequential scan',
    table: 'record_trees',
    holds: /size > (\w\.)?checkpoint_size|where id = tenant_id order by tenant_id/,
    why: 'One narrow row a tenant, looked over for those that grew since they were signed.',
  },
  {
    kind: 'sequential scan',
    table: 'record_waiting',
    holds:
      /select tenant_id as "tenantId", id from record_waiting|count\(\*\)::int from record_waiting\s+where created_at/,
    why: 'Holds only what could not be sealed yet: nothing, when all is well.',
  },
  {
    kind: 'sequential scan',
    table: 'audit_streams',
    holds: '"failing_since" is not null',
    why: 'Ten streams a tenant at most, and few tenants have any; the overview counts those that fail.',
  },
];

/** Whether a fault is known to be none. */
export function isExcepted({ sql }: JourneyQuery, fault: PlanFault): boolean {
  return planExceptions.some(
    ({ kind, table, index, condition, holds }) =>
      kind === fault.kind &&
      table === fault.table &&
      index === fault.index &&
      (condition === undefined || condition.test(fault.condition ?? '')) &&
      (holds === undefined || (typeof holds === 'string' ? sql.includes(holds) : holds.test(sql))),
  );
}
