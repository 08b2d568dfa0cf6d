import { bigint, doublePrecision, index, integer, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { TenantId } from '../ids';
import type { ServingRole } from './roles';
import { controlTable, instant } from './table';

/** The queries that the product runs, without anything that anybody gave. */
export const queryTexts = controlTable(
  'query_texts',
  {
    fingerprint: text('fingerprint').primaryKey(),
    role: text('role').$type<ServingRole>().notNull(),
    /** Literals masked, lists shortened; empty for what was summed up. */
    text: text('text').notNull(),
    /** Tables that it names. */
    tables: text('tables').array().notNull(),
    /** Tenant tables on which it does not say whose rows it means. */
    unbound: text('unbound').array().notNull(),
    /** Last hour in which it ran. */
    seenAt: instant('seen_at').notNull(),
  },
  { engine: ['select', 'insert', 'update', 'delete'], platform: ['select'] },
  (table) => [index('query_texts_seen').on(table.seenAt)],
);

/**
 * What a query took for one tenant within one hour, over all processes: sums only. Not a tenant's
 * data, and no tenant sees it; kept for 14 days.
 */
export const queryHours = controlTable(
  'query_hours',
  {
    hour: instant('hour').notNull(),
    fingerprint: text('fingerprint').notNull(),
    /** Null where no tenant was set. */
    tenantId: uuid('tenant_id').$type<TenantId>(),
    count: bigint('count', { mode: 'number' }).notNull(),
    failed: bigint('failed', { mode: 'number' }).notNull(),
    /** Milliseconds, as the two below. */
    totalMs: doublePrecision('total_ms').notNull(),
    maxMs: doublePrecision('max_ms').notNull(),
    /** For a connection. */
    waitedMs: doublePrecision('waited_ms').notNull(),
    rows: bigint('rows', { mode: 'number' }).notNull(),
    /** How many took as long as each bucket of `bucketBounds` says. */
    buckets: integer('buckets').array().notNull(),
  },
  { engine: ['select', 'insert', 'update', 'delete'], platform: ['select'] },
  (table) => [
    unique('query_hours_key').on(table.hour, table.fingerprint, table.tenantId).nullsNotDistinct(),
    index('query_hours_query').on(table.fingerprint, table.hour),
  ],
);
