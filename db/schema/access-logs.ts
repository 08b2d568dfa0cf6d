import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { DenialId, UserId } from '../ids';
import { instant, tenantTable } from './table';

export const denialReasons = [
  'not_found',
  'forbidden',
  'tenant_header_mismatch',
  'not_staff',
  'not_member',
  'forged_job',
  'forged_context',
  'consent_state',
  'forged_notice',
] as const;
export type DenialReason = (typeof denialReasons)[number];

/** Times of one row at most: more than a process can write in a minute, and no sum of them overflows. */
export const mostTimes = 1_000_000;

/**
 * Refused accesses: who asked for what, and why it was refused. A row stands for one refusal and its
 * repetitions within a minute; `lib/denials` writes it by one statement.
 */
export const tenantAccessLogs = tenantTable<DenialId>()(
  'tenant_access_logs',
  {
    /** The minute, by the database's clock, in which it was put on record. */
    minute: instant('minute').notNull().default(sql`date_trunc('minute', now())`),
    /** Of actor, reason and what was asked for: the same within a minute is a repetition. */
    digest: text('digest').notNull().default(sql`gen_random_uuid()::text`),
    userId: uuid('user_id').$type<UserId>(),
    /** As the person was called then. */
    actorName: text('actor_name'),
    actorEmail: text('actor_email'),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** The method of HTTP, `ACTION`, `PAGE` or `EVENT`. */
    method: text('method').notNull(),
    /** The address without its query, or the name of the action or event. */
    path: text('path').notNull(),
    reason: text('reason', { enum: denialReasons }).notNull(),
    /** Of the first; `created_at` is its time. */
    requestId: text('request_id').notNull(),
    /** Of the last, when there were several. */
    lastRequestId: text('last_request_id'),
    lastSeenAt: instant('last_seen_at').notNull().defaultNow(),
    times: integer('times').notNull().default(1),
    /** Stands for what came beyond the most rows of a minute: who and why are exact, what is not. */
    overflow: boolean('overflow').notNull().default(false),
    details: jsonb('details').$type<Record<string, unknown>>().notNull().default({}),
  },
  {
    app: [
      'select',
      {
        // Not the minute: when something was put on record is the database's word.
        privilege: 'insert',
        columns: [
          'tenant_id',
          'id',
          'created_at',
          'digest',
          'user_id',
          'actor_name',
          'actor_email',
          'ip_address',
          'user_agent',
          'method',
          'path',
          'reason',
          'request_id',
          'last_request_id',
          'last_seen_at',
          'times',
          'overflow',
          'details',
        ],
      },
      { privilege: 'update', columns: ['times', 'last_seen_at', 'last_request_id'] },
    ],
    // Reads for the alerts, deletes what is old.
    engine: [
      {
        privilege: 'select',
        columns: [
          'tenant_id',
          'id',
          'created_at',
          'minute',
          'user_id',
          'actor_name',
          'actor_email',
          'reason',
          'last_seen_at',
          'times',
        ],
      },
      'delete',
    ],
    platform: ['select'],
  },
  (table) => [
    // SQL that got in may write here: nothing that a reader of the record would fail at.
    check(
      'tenant_access_logs_times',
      sql`${table.times} between 1 and ${sql.raw(String(mostTimes))}`,
    ),
    check(
      'tenant_access_logs_moments',
      sql`${table.createdAt} >= '2000-01-01Z' and ${table.createdAt} < '2200-01-01Z'
          and ${table.lastSeenAt} >= '2000-01-01Z' and ${table.lastSeenAt} < '2200-01-01Z'`,
    ),
    unique('tenant_access_logs_repeat').on(table.tenantId, table.minute, table.digest),
    index('tenant_access_logs_reason').on(table.tenantId, table.reason, table.id),
    index('tenant_access_logs_actor').on(table.tenantId, table.userId, table.id),
    index('tenant_access_logs_request').on(table.tenantId, table.requestId),
    index('tenant_access_logs_last_request')
      .on(table.tenantId, table.lastRequestId)
      .where(sql`last_request_id is not null`),
    // Across tenants: the console's list, an alert's denials, what is new, what is old.
    index('tenant_access_logs_all').on(table.id),
    index('tenant_access_logs_person').on(table.userId, table.id),
    index('tenant_access_logs_minute').on(table.minute),
    index('tenant_access_logs_by_request').on(sql`lower(${table.requestId})`),
    index('tenant_access_logs_by_last_request')
      .on(sql`lower(${table.lastRequestId})`)
      .where(sql`last_request_id is not null`),
  ],
);
