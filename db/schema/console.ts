import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { type NoteId, newId, type SavedViewId, type SuspensionId, type UserId } from '../ids';
import { controlTable, instant, tenantTable } from './table';

/** Days that something was kept before a lower figure was given, and holds on until the moment told. */
export interface KeptLonger {
  readonly key: 'retentionRunsDays' | 'retentionLogsDays' | 'retentionResourcesDays';
  readonly days: number;
  /** ISO 8601 in UTC. */
  readonly until: string;
}

/**
 * What one tenant may have that differs from the platform's defaults: one row a tenant at most, null
 * where the default holds. Staff write it, the tenant reads it.
 */
export const tenantLimits = tenantTable()(
  'tenant_limits',
  {
    automations: integer('automations'),
    members: integer('members'),
    /** Steps of runs that are carried out side by side. */
    runsAtOnce: integer('runs_at_once'),
    runsPerMonth: integer('runs_per_month'),
    /** Of what a provider allows an account, how much we use. */
    providerBudgetPercent: integer('provider_budget_percent'),
    retentionRunsDays: integer('retention_runs_days'),
    retentionLogsDays: integer('retention_logs_days'),
    retentionResourcesDays: integer('retention_resources_days'),
    /** Higher figures of retention that hold while the owners have notice of a lower one. */
    keptLonger: jsonb('kept_longer').$type<readonly KeptLonger[]>().notNull().default([]),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  {
    app: ['select'],
    platform: ['select', 'insert', 'update'],
    // The engine counts a tenant's runs at once; the purge goes by its retention.
    engine: ['select'],
  },
  (table) => [
    uniqueIndex('tenant_limits_one').on(table.tenantId),
    check(
      'tenant_limits_sane',
      sql`${table.automations} >= 0 and ${table.members} >= 1 and ${table.runsAtOnce} >= 1
          and ${table.runsPerMonth} >= 0 and ${table.providerBudgetPercent} between 1 and 100
          and ${table.retentionRunsDays} >= 1 and ${table.retentionLogsDays} >= 1
          and ${table.retentionResourcesDays} >= 1`,
    ),
    check('tenant_limits_kept_longer', sql`jsonb_typeof(${table.keptLonger}) = 'array'`),
  ],
);

/** A tenant that was held, from then until it was let go on. One is open per tenant. */
export const tenantSuspensions = tenantTable<SuspensionId>()(
  'tenant_suspensions',
  {
    /** For the record. */
    reason: text('reason').notNull(),
    /** What the tenant's people are told. */
    notice: text('notice').notNull(),
    suspendedBy: uuid('suspended_by').$type<UserId>().notNull(),
    suspendedName: text('suspended_name').notNull(),
    resumedAt: instant('resumed_at'),
    resumedName: text('resumed_name'),
  },
  {
    app: ['select'],
    platform: [
      'select',
      'insert',
      { privilege: 'update', columns: ['resumed_at', 'resumed_name'] },
    ],
  },
  (table) => [
    uniqueIndex('tenant_suspensions_open').on(table.tenantId).where(sql`resumed_at is null`),
    index('tenant_suspensions_list').on(table.tenantId, table.createdAt),
  ],
);

/** What staff note about a tenant for one another. Append-only; no tenant's door opens it. */
export const tenantNotes = tenantTable<NoteId>()(
  'tenant_notes',
  {
    authorId: uuid('author_id').$type<UserId>().notNull(),
    authorName: text('author_name').notNull(),
    body: text('body').notNull(),
  },
  { app: [], platform: ['select', 'insert'] },
  (table) => [index('tenant_notes_list').on(table.tenantId, table.createdAt)],
);

/** A list of the console as somebody of the staff likes to see it: filters and order by a name. */
export const savedViews = controlTable(
  'saved_views',
  {
    id: uuid('id')
      .$type<SavedViewId>()
      .primaryKey()
      .$defaultFn(() => newId<SavedViewId>()),
    ownerId: uuid('owner_id').$type<UserId>().notNull(),
    ownerName: text('owner_name').notNull(),
    name: text('name').notNull(),
    /** Of which list. */
    list: text('list', { enum: ['tenants'] }).notNull(),
    /** Filters and order, as they stand in the address after the question mark. */
    query: text('query').notNull(),
    /** Everybody of the staff sees it; only its owner takes it away. */
    shared: boolean('shared').notNull().default(false),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  {
    platform: ['select', 'insert', 'update', 'delete'],
    eraser: [{ privilege: 'update', columns: ['name', 'query'] }],
  },
  (table) => [uniqueIndex('saved_views_name').on(table.ownerId, table.list, table.name)],
);
