import { sql } from 'drizzle-orm';
import { customType, index, jsonb, pgPolicy, text, uuid } from 'drizzle-orm/pg-core';
import type { AuditEventId } from '../ids';
import { currentTenant, tenantTable } from './table';

/** A guest is somebody without an account, who was handed a link. */
export const actorTypes = ['member', 'guest', 'staff', 'automation', 'system'] as const;
export type ActorType = (typeof actorTypes)[number];
export const auditOutcomes = ['success', 'failure', 'denied'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** A transaction's number, which never comes again within a cluster. */
const transactionNumber = customType<{ data: string }>({ dataType: () => 'xid8' });

/**
 * Bytes of an event at most; the product's have a thousand or two. A batch of events is sealed
 * together, so that larger ones, written by SQL that got in, would hold up everybody.
 */
const mostBytes = 131_072;

/** What the database says of a row itself is not for those who write it to say. */
const written = [
  'tenant_id',
  'id',
  'actor_type',
  'actor_id',
  'actor_name',
  'action',
  'target_type',
  'target_id',
  'target_name',
  'outcome',
  'request_id',
  'run_id',
  'connection_id',
  'ip_address',
  'user_agent',
  'details',
] as const;

/**
 * An event's id in the words of the index over all tenants' events: as it is, but in a form that no
 * tenant's own query has, or a large tenant's pages would be read from everybody's.
 */
export const everyEvent = (id: unknown) => sql`(${id}::text::uuid)`;

/**
 * The record. Append-only: no role that serves may change or delete a row. When it was written, and
 * by which transaction, is the database's word.
 */
export const auditEvents = tenantTable<AuditEventId>()(
  'audit_events',
  {
    actorType: text('actor_type', { enum: actorTypes }).notNull(),
    actorId: uuid('actor_id'),
    actorName: text('actor_name').notNull(),
    action: text('action').notNull(),
    targetType: text('target_type').notNull(),
    targetId: text('target_id').notNull(),
    targetName: text('target_name').notNull(),
    outcome: text('outcome', { enum: auditOutcomes }).notNull(),
    requestId: text('request_id').notNull(),
    runId: uuid('run_id'),
    connectionId: uuid('connection_id'),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** Before and after, or what else there is to know; redacted. */
    details: jsonb('details').$type<Record<string, unknown>>().notNull().default({}),
    /** By which the sealing finds what is new, in whatever order transactions end. */
    writtenIn: transactionNumber('written_in').notNull().default(sql`pg_current_xact_id()`),
  },
  {
    app: ['select', { privilege: 'insert', columns: written }],
    identity: [{ privilege: 'insert', columns: written }],
    // Seals.
    engine: ['select'],
    platform: [
      // What staff do to a tenant is on its own record, in the transaction of what they do.
      { privilege: 'insert', columns: written },
      {
        privilege: 'select',
        columns: [
          'tenant_id',
          'id',
          'created_at',
          'actor_type',
          'actor_id',
          'action',
          'target_type',
          'target_id',
          'outcome',
          'request_id',
          'run_id',
          'connection_id',
          // By which what is not in `audit_index` yet is told.
          'written_in',
        ],
      },
    ],
  },
  (table) => [
    // Not a check, which PostgreSQL reads from its catalogue anew for each row: docs/decisions/0036.
    pgPolicy('audit_events_size', {
      as: 'restrictive',
      for: 'insert',
      to: 'public',
      withCheck: sql`octet_length(concat(${table.actorType}, ${table.actorName}, ${table.action},
        ${table.targetType}, ${table.targetId}, ${table.targetName}, ${table.outcome},
        ${table.requestId}, ${table.ipAddress}, ${table.userAgent}, ${table.details}))
        <= ${sql.raw(String(mostBytes))}`,
    }),
    // By their key goes a tenant's whole record; by what they are, events are found in `audit_index`.
    index('audit_events_written').on(table.writtenIn, table.id),
  ],
  // Each event is a statement of its own: docs/decisions/0035.
  currentTenant,
);

/**
 * What events are found by, beside their ids: written behind the events by the sealing, so that an
 * audited write keeps two indexes and not fifteen. What it does not hold yet is the record's tail;
 * whoever looks for events asks for both (`lib/audit/found.ts`). The id is the event's, and the time is
 * its own; texts longer than any that the product writes are cut (`db/record/index-rows.ts`).
 */
export const auditIndex = tenantTable<AuditEventId>()(
  'audit_index',
  {
    action: text('action').notNull(),
    actorId: uuid('actor_id'),
    outcome: text('outcome', { enum: auditOutcomes }).notNull(),
    requestId: text('request_id').notNull(),
    runId: uuid('run_id'),
    connectionId: uuid('connection_id'),
  },
  { app: ['select'], engine: ['select', 'insert'], platform: ['select'] },
  (table) => [
    // Pages go by id, which is led by its time, so that each filter has an index that ends in it: a
    // page is read from the index in order, however much the filter finds. Days are ranges of ids.
    index('audit_index_action').on(table.tenantId, table.action, table.id),
    index('audit_index_actor').on(table.tenantId, table.actorId, table.id),
    index('audit_index_run')
      .on(table.tenantId, table.runId, table.id)
      .where(sql`run_id is not null`),
    index('audit_index_connection')
      .on(table.tenantId, table.connectionId, table.id)
      .where(sql`connection_id is not null`),
    index('audit_index_request').on(table.tenantId, table.requestId, table.id),
    // Nearly everything succeeds, and is found by reading on.
    index('audit_index_outcome')
      .on(table.tenantId, table.outcome, table.id)
      .where(sql`outcome <> 'success'`),
    // Across tenants: the console's list and its filters. In other words than a tenant's own query
    // has, so that the planner never takes these in place of those above.
    index('audit_index_all').on(everyEvent(table.id)),
    index('audit_index_by_action').on(sql`lower(${table.action})`, table.id),
    index('audit_index_by_outcome')
      .on(sql`lower(${table.outcome})`, table.id)
      .where(sql`outcome <> 'success'`),
    index('audit_index_by_request').on(sql`lower(${table.requestId})`, table.id),
    index('audit_index_by_run')
      .on(sql`(${table.runId}::text)`, table.id)
      .where(sql`run_id is not null`),
    index('audit_index_by_connection')
      .on(sql`(${table.connectionId}::text)`, table.id)
      .where(sql`connection_id is not null`),
    index('audit_index_by_actor')
      .on(sql`(${table.actorId}::text)`, table.id)
      .where(sql`actor_id is not null`),
  ],
);
