import { bigint, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { TenantId } from '../ids';
import { controlTable, instant, tenantTable } from './table';

/**
 * What a tenant used within one hour, recounted from its records; an hour in which nothing happened
 * has no row.
 */
export const usageHours = tenantTable()(
  'usage_hours',
  {
    hour: instant('hour').notNull(),
    /** Asked for, dry runs included. */
    runs: integer('runs').notNull(),
    /** Begun. */
    steps: integer('steps').notNull(),
    providerCalls: integer('provider_calls').notNull(),
    /** Done. */
    effects: integer('effects').notNull(),
    /** Who did something that is on the audit record: distinct over several hours as well. */
    activeMembers: uuid('active_members').array().notNull(),
    /** What the tenant's rows held when they were last measured; null before the first time. */
    storageBytes: bigint('storage_bytes', { mode: 'number' }),
    countedAt: instant('counted_at').notNull().defaultNow(),
  },
  { platform: ['select'] },
  (table) => [uniqueIndex('usage_hours_hour').on(table.tenantId, table.hour)],
);

export const limitActions = ['refuse', 'tell'] as const;
export type LimitAction = (typeof limitActions)[number];

/** One row a tenant: how far its use has been counted, and what follows from too much. */
export const usageStates = tenantTable()(
  'usage_states',
  {
    /** Hours before are counted; null before the first count. */
    countedUntil: instant('counted_until'),
    storageBytes: bigint('storage_bytes', { mode: 'number' }),
    storageMeasuredAt: instant('storage_measured_at'),
    /** At 100 % of the runs of a month: refuse new ones, or only tell. */
    atLimit: text('at_limit', { enum: limitActions }).notNull().default('refuse'),
  },
  { platform: ['select'] },
  (table) => [uniqueIndex('usage_states_tenant').on(table.tenantId)],
);

/** Of which limit a tenant's owners have been told in which month: once for 80 %, once for 100 %. */
export const usageWarnings = tenantTable()(
  'usage_warnings',
  {
    limit: text('limit_key').notNull(),
    month: instant('month').notNull(),
    percent: integer('percent').notNull(),
  },
  {},
  (table) => [
    uniqueIndex('usage_warnings_once').on(table.tenantId, table.limit, table.month, table.percent),
  ],
);

/** How the platform fared within one minute: requests over all processes, and the queue's state. */
export const loadSamples = controlTable(
  'load_samples',
  {
    minute: instant('minute').primaryKey(),
    requests: integer('requests').notNull().default(0),
    /** Answered with a status of 500 and above. */
    failed: integer('failed').notNull().default(0),
    /** Milliseconds of all requests together. */
    requestMs: bigint('request_ms', { mode: 'number' }).notNull().default(0),
    /** Of the queue; null when nobody looked in that minute. */
    waiting: integer('waiting'),
    held: integer('held'),
    scheduled: integer('scheduled'),
    oldestWaitMs: bigint('oldest_wait_ms', { mode: 'number' }),
    workers: integer('workers'),
  },
  { engine: ['select', 'insert', 'update', 'delete'], platform: ['select'] },
);

/** Tenants whose work waited longest or most in a minute, at most 20 of them. */
export const loadQueues = controlTable(
  'load_queues',
  {
    minute: instant('minute').notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    waiting: integer('waiting').notNull(),
    oldestWaitMs: bigint('oldest_wait_ms', { mode: 'number' }).notNull(),
  },
  { engine: ['select', 'insert', 'delete'], platform: ['select'] },
  (table) => [
    primaryKey({ name: 'load_queues_pkey', columns: [table.minute, table.tenantId] }),
    index('load_queues_tenant').on(table.tenantId, table.minute),
  ],
);
