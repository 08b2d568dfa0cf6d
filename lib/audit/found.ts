import { alias, and, desc, type SQL, sql } from '@/db';
import { auditEvents, auditIndex, everyEvent } from '@/db/schema';

/** What events can be found by. */
export type Findable = Pick<
  typeof auditEvents,
  | 'tenantId'
  | 'id'
  | 'createdAt'
  | 'action'
  | 'actorId'
  | 'outcome'
  | 'requestId'
  | 'runId'
  | 'connectionId'
>;

/** What is asked for, in the columns of whichever table it is asked of; each must hold. */
export type Words = (of: Findable) => readonly (SQL | undefined)[];

/** As many as are wanted of the newest, and the order to read the index in. */
export interface Newest {
  readonly limit: number;
  /** By default the id, within a tenant and equal values of what else is asked for. */
  readonly order?: ((of: Findable) => readonly SQL[]) | undefined;
}

const index = auditIndex as unknown as Findable;
const tailTable = alias(auditEvents, 'tail');
const tail = tailTable as unknown as Findable;

/**
 * The events that `audit_index` may not hold yet: all that were written since what the sealing has
 * done, one's own transaction's too. The bounds are functions, so that the planner knows how few.
 */
const inTail = sql`${tailTable.writtenIn} >= public.audit_tail_from()
  and ${tailTable.writtenIn} <= public.audit_tail_to()`;

const all = (words: readonly (SQL | undefined)[]) => and(...words) ?? sql`true`;

function limited(order: readonly SQL[], newest: Newest | undefined): SQL {
  if (!newest) return sql``;
  // A number, and no parameter: the planner has to know how few rows go on from here.
  return sql` order by ${sql.join([...order], sql`, `)} limit ${sql.raw(String(newest.limit))}`;
}

/**
 * The condition that an event of `audit_events` is among those asked for. The one way to look for
 * events otherwise than by their ids: it asks the index and the tail, so that what it finds is exact
 * however far the sealing is behind.
 * @param words name the tenant, unless all tenants' events are meant
 * @param newest where only so many of the newest are wanted; the caller orders and limits what it reads
 */
export function eventsFound(words: Words, newest?: Newest): SQL {
  const order = newest?.order?.(index) ?? [desc(index.id)];
  // In an order that no index has: the tail is short, and never looked for among all that is old.
  const tailOrder = [sql`${everyEvent(tail.id)} desc`];
  return sql`(${auditEvents.tenantId}, ${auditEvents.id}) in (
    (select ${index.tenantId}, ${index.id} from ${auditIndex}
      where ${all(words(index))}${limited(order, newest)})
    union all
    (select ${tail.tenantId}, ${tail.id} from ${auditEvents} ${tailTable}
      where ${all(words(tail))} and ${inTail}${limited(tailOrder, newest)}))`;
}

/** How many events are among those asked for, without reading them where the index tells. */
export function countFound(words: Words): SQL<number> {
  const indexed = alias(auditIndex, 'indexed');
  return sql<number>`(
    (select count(*) from ${auditIndex} where ${all(words(index))})
    + (select count(*) from ${auditEvents} ${tailTable}
        where ${all(words(tail))} and ${inTail}
          and not exists (select from ${auditIndex} ${indexed}
                           where ${indexed.tenantId} = ${tail.tenantId}
                             and ${indexed.id} = ${tail.id})))::float8`;
}
