import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type {
  AutomationId,
  ConnectionId,
  EffectId,
  ReportId,
  RunId,
  RunStepId,
  UserId,
} from '../ids';
import { connections } from './connections';
import { instant, tenantReference, tenantTable } from './table';

export type AutomationTrigger =
  | { readonly type: 'manual' }
  | { readonly type: 'schedule'; readonly cron: string; readonly timeZone: string };

export const automations = tenantTable<AutomationId>()(
  'automations',
  {
    name: text('name').notNull(),
    /** Key of the template in code that it was made from. */
    template: text('template').notNull(),
    parameters: jsonb('parameters').$type<Record<string, unknown>>().notNull(),
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    trigger: jsonb('trigger').$type<AutomationTrigger>().notNull(),
    enabled: boolean('enabled').notNull().default(true),
    /** Next time the schedule fires; null when manual or disabled. */
    nextRunAt: instant('next_run_at'),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    createdBy: uuid('created_by').$type<UserId>().notNull(),
    archivedAt: instant('archived_at'),
  },
  {
    // The scheduler finds what is due across tenants; it reads no parameters.
    engine: [
      {
        privilege: 'select',
        columns: ['tenant_id', 'id', 'enabled', 'next_run_at', 'archived_at'],
      },
    ],
    // Staff see which template a run is of; its name and its parameters stay with the tenant.
    platform: [
      {
        privilege: 'select',
        columns: ['tenant_id', 'id', 'template', 'enabled', 'archived_at'],
      },
    ],
  },
  (table) => [
    index('automations_list').on(table.tenantId, table.createdAt),
    index('automations_next').on(table.tenantId, table.nextRunAt),
    index('automations_due').on(table.nextRunAt),
    index('automations_connection').on(table.tenantId, table.connectionId),
    tenantReference(table, table.connectionId, () => connections),
  ],
);

export const runStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type RunState = (typeof runStates)[number];
export const runTriggers = ['manual', 'schedule', 'rerun'] as const;

export const runs = tenantTable<RunId>()(
  'runs',
  {
    automationId: uuid('automation_id').$type<AutomationId>().notNull(),
    /** The automation's connection as it was when this run was asked for. */
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    state: text('state', { enum: runStates }).notNull().default('queued'),
    dryRun: boolean('dry_run').notNull().default(false),
    trigger: text('trigger', { enum: runTriggers }).notNull(),
    /** The automation's parameters as they were when this run was asked for. */
    parameters: jsonb('parameters').$type<Record<string, unknown>>().notNull(),
    requestedBy: uuid('requested_by').$type<UserId>(),
    rerunOf: uuid('rerun_of').$type<RunId>(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    cancelRequestedAt: instant('cancel_requested_at'),
    /** What came of it, in numbers and plain words. */
    summary: jsonb('summary').$type<Record<string, unknown>>(),
    error: text('error'),
  },
  {
    platform: [
      {
        privilege: 'select',
        columns: [
          'tenant_id',
          'id',
          'created_at',
          'automation_id',
          'connection_id',
          'state',
          'dry_run',
          'trigger',
          'requested_by',
          'rerun_of',
          'started_at',
          'finished_at',
          'cancel_requested_at',
        ],
      },
    ],
    // Finds runs that nobody works on any more, whoever's they are.
    engine: [
      {
        privilege: 'select',
        columns: ['tenant_id', 'id', 'created_at', 'state', 'started_at'],
      },
    ],
  },
  (table) => [
    index('runs_list').on(table.tenantId, table.createdAt, table.id),
    index('runs_by_automation').on(table.tenantId, table.automationId, table.createdAt),
    index('runs_connection').on(table.tenantId, table.connectionId),
    // Across tenants, in other words than a tenant's own query has: the console's list, its filter by
    // state, and whose a run is.
    index('runs_all').on(sql`(${table.createdAt} at time zone 'UTC')`, table.id),
    index('runs_by_state').on(
      sql`lower(${table.state})`,
      sql`(${table.createdAt} at time zone 'UTC')`,
      table.id,
    ),
    index('runs_by_id').on(sql`(${table.id}::text)`),
    // Across tenants, and in words that no tenant's own query has: what is not done yet, by age.
    index('runs_unfinished')
      .on(sql`coalesce(${table.createdAt})`)
      .where(sql`(state || '') in ('queued', 'running')`),
    tenantReference(table, table.automationId, () => automations),
    tenantReference(table, table.connectionId, () => connections),
  ],
);

export const stepStates = [
  'queued',
  'running',
  'retrying',
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
] as const;
export type StepState = (typeof stepStates)[number];

export const runSteps = tenantTable<RunStepId>()(
  'run_steps',
  {
    runId: uuid('run_id').$type<RunId>().notNull(),
    /** Stable within the run, e.g. `archive/3`. */
    key: text('key').notNull(),
    position: integer('position').notNull(),
    action: text('action').notNull(),
    title: text('title').notNull(),
    state: text('state', { enum: stepStates }).notNull().default('queued'),
    /** Attempts begun so far; 0 while queued. */
    attempts: integer('attempts').notNull().default(0),
    queuedAt: instant('queued_at').notNull().defaultNow(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    /** Redacted before it is written. */
    input: jsonb('input').$type<unknown>(),
    output: jsonb('output').$type<unknown>(),
    /** The output whole, for the steps that follow; emptied when the run ends. */
    carry: jsonb('carry').$type<unknown>(),
    error: text('error'),
  },
  {
    // How it ran: not what it is called, was given, gave, or stumbled over.
    platform: [
      {
        privilege: 'select',
        columns: [
          'tenant_id',
          'id',
          'created_at',
          'run_id',
          'key',
          'position',
          'action',
          'state',
          'attempts',
          'queued_at',
          'started_at',
          'finished_at',
        ],
      },
    ],
  },
  (table) => [
    uniqueIndex('run_steps_key').on(table.tenantId, table.runId, table.key),
    // What an hour used is counted by these, as by those of provider calls and effects.
    index('run_steps_begun').on(table.tenantId, table.startedAt),
    tenantReference(table, table.runId, () => runs, 'cascade'),
  ],
);

export const effectStates = ['intended', 'done', 'failed', 'unclear'] as const;
export type EffectState = (typeof effectStates)[number];

/** One call that changes something outside: the intent before it, the outcome after it. */
export const effects = tenantTable<EffectId>()(
  'effects',
  {
    runId: uuid('run_id').$type<RunId>().notNull(),
    runStepId: uuid('run_step_id').$type<RunStepId>().notNull(),
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    /** Same run, same step, same target → same key → at most one effect. */
    idempotencyKey: text('idempotency_key').notNull(),
    action: text('action').notNull(),
    target: text('target').notNull(),
    state: text('state', { enum: effectStates }).notNull().default('intended'),
    /** The provider's own id of what came of it. */
    providerReference: text('provider_reference'),
    outcome: jsonb('outcome').$type<Record<string, unknown>>(),
    finishedAt: instant('finished_at'),
  },
  {
    app: ['select', 'insert', 'update'],
    // That something was changed and how that went, by its id: not what.
    platform: [
      {
        privilege: 'select',
        columns: [
          'tenant_id',
          'id',
          'created_at',
          'run_id',
          'run_step_id',
          'connection_id',
          'action',
          'state',
          'finished_at',
        ],
      },
    ],
  },
  (table) => [
    uniqueIndex('effects_idempotency').on(table.tenantId, table.idempotencyKey),
    index('effects_run').on(table.tenantId, table.runId, table.createdAt),
    index('effects_step').on(table.tenantId, table.runStepId),
    index('effects_finished').on(table.tenantId, table.finishedAt),
    tenantReference(table, table.runStepId, () => runSteps, 'cascade'),
  ],
);

export interface ReportColumn {
  readonly key: string;
  readonly label: string;
  readonly type: 'text' | 'number' | 'instant' | 'bytes' | 'link';
}

/** A table that a run made: columns here, rows in `report_rows`. */
export const reports = tenantTable<ReportId>()(
  'reports',
  {
    runId: uuid('run_id').$type<RunId>().notNull(),
    title: text('title').notNull(),
    columns: jsonb('columns').$type<readonly ReportColumn[]>().notNull(),
    rowCount: integer('row_count').notNull().default(0),
  },
  {},
  (table) => [
    index('reports_list').on(table.tenantId, table.createdAt),
    index('reports_run').on(table.tenantId, table.runId),
    tenantReference(table, table.runId, () => runs, 'cascade'),
  ],
);

export const reportRows = tenantTable()(
  'report_rows',
  {
    reportId: uuid('report_id').$type<ReportId>().notNull(),
    position: integer('position').notNull(),
    cells: jsonb('cells').$type<Record<string, string | number | null>>().notNull(),
  },
  {},
  (table) => [
    uniqueIndex('report_rows_position').on(table.tenantId, table.reportId, table.position),
    tenantReference(table, table.reportId, () => reports, 'cascade'),
  ],
);
