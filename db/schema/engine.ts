import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgSchema, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './table';

/**
 * The embedded background engine's own tables. Only the engine's role reaches them; events carry
 * ids, memos are what functions chose to remember.
 *
 * JSON is kept as text: the functions wrote it and only they read it, key order and all, and text
 * takes what `jsonb` refuses (NUL escapes, lone surrogates).
 */
export const engineSchema = pgSchema('engine');

/** What happened, until it has been turned into runs; afterwards the memory against duplicates. */
export const engineEvents = engineSchema.table(
  'events',
  {
    id: text('id').primaryKey(),
    /** Order of arrival. */
    sequence: bigint('sequence', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    /** The event as the function gets it. */
    payload: text('payload').notNull(),
    receivedAt: instant('received_at').notNull().defaultNow(),
    routedAt: instant('routed_at'),
  },
  (table) => [
    index('events_unrouted').on(table.sequence).where(sql`routed_at is null`),
    index('events_received').on(table.receivedAt),
  ],
);

export const engineRunStates = ['active', 'completed', 'failed', 'cancelled'] as const;
export type EngineRunState = (typeof engineRunStates)[number];

/** One execution of one function: the unit of queueing, of leasing and of fencing. */
export const engineRuns = engineSchema.table(
  'runs',
  {
    id: uuid('id').primaryKey(),
    functionId: text('function_id').notNull(),
    eventId: text('event_id').notNull(),
    event: text('event').notNull(),
    /** Whose turn it takes. */
    tenant: text('tenant').notNull(),
    /** What its function's keyed concurrency limit counts by; the tenant where there is none. */
    lane: text('lane').notNull(),
    /** A digest for each event that would cancel it, of the event's name and the matching value. */
    cancelKeys: text('cancel_keys').array(),
    state: text('state', { enum: engineRunStates }).notNull().default('active'),
    /** When it is next due; null once ended. */
    wakeAt: instant('wake_at'),
    /** Failed attempts of the step that a plain (not parallel) run stands at. */
    attempt: integer('attempt').notNull().default(0),
    /** How many steps could be executed side by side when it wakes. */
    width: integer('width').notNull().default(1),
    /** The worker that holds it; its lease is the worker's. */
    worker: integer('worker'),
    /** How many steps its holder may execute side by side. */
    slots: integer('slots').notNull().default(0),
    /** Counts the claims: who commits with an older number has lost the run. */
    fence: integer('fence').notNull().default(0),
    /** How often its holder died. */
    losses: integer('losses').notNull().default(0),
    /** Return value or final error. */
    output: text('output'),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** When its latest turn began. */
    startedAt: instant('started_at'),
    endedAt: instant('ended_at'),
  },
  (table) => [
    index('runs_ready')
      .on(table.functionId, table.lane, table.wakeAt)
      .where(sql`worker is null and wake_at is not null`),
    index('runs_held').on(table.worker).where(sql`worker is not null`),
    index('runs_cancel').using('gin', table.cancelKeys).where(sql`wake_at is not null`),
    index('runs_event').on(table.eventId),
    index('runs_ended').on(table.endedAt).where(sql`ended_at is not null`),
  ],
);

export const engineStepKinds = ['data', 'error', 'planned', 'sleep'] as const;
export type EngineStepKind = (typeof engineStepKinds)[number];

/**
 * What a run remembers of its steps. No foreign key: every insert holds the run's row lock already,
 * and the purge deletes both sides.
 */
export const engineSteps = engineSchema.table(
  'steps',
  {
    runId: uuid('run_id').notNull(),
    /** The SDK's hash of the step's name. */
    id: text('id').notNull(),
    kind: text('kind', { enum: engineStepKinds }).notNull(),
    /** Order of completion, or of planning. */
    position: integer('position').notNull(),
    value: text('value'),
    attempt: integer('attempt').notNull().default(0),
    dueAt: instant('due_at'),
  },
  (table) => [primaryKey({ name: 'steps_pkey', columns: [table.runId, table.id] })],
);

/** A process at work: alive while its lease is, and while it holds the advisory lock of its id. */
export const engineWorkers = engineSchema.table('workers', {
  id: integer('id').primaryKey(),
  leaseUntil: instant('lease_until').notNull(),
  startedAt: instant('started_at').notNull().defaultNow(),
});

/** Idempotency keys of functions, kept for 24 hours. */
export const engineDedupe = engineSchema.table(
  'dedupe',
  {
    functionId: text('function_id').notNull(),
    key: text('key').notNull(),
    seenAt: instant('seen_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ name: 'dedupe_pkey', columns: [table.functionId, table.key] }),
    index('dedupe_seen').on(table.seenAt),
  ],
);

/** Theoretical arrival time of the next start, per throttled function and key (GCRA). */
export const engineThrottles = engineSchema.table(
  'throttles',
  {
    functionId: text('function_id').notNull(),
    key: text('key').notNull(),
    nextAt: instant('next_at').notNull(),
  },
  (table) => [primaryKey({ name: 'throttles_pkey', columns: [table.functionId, table.key] })],
);

export const engineCrons = engineSchema.table(
  'crons',
  {
    functionId: text('function_id').notNull(),
    expression: text('expression').notNull(),
    nextAt: instant('next_at').notNull(),
  },
  (table) => [primaryKey({ name: 'crons_pkey', columns: [table.functionId, table.expression] })],
);
