import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { type AlertId, newId, type TenantId, type UserId } from '../ids';
import { controlTable, instant } from './table';

/** What is watched for; `lib/alerts` says from how much on. */
export const alertRules = [
  'actor_burst',
  'actor_many_tenants',
  'tenant_header',
  'forged_job',
  'forged_context',
  'provider_app_fault',
] as const;
export type AlertRule = (typeof alertRules)[number];
/** Rules that are held against the record of denials; the others have a record of their own. */
export type DenialRule = Exclude<AlertRule, 'provider_app_fault'>;

/** Subject of the one alert per rule that stands for all subjects beyond those that may stand open. */
export const allOthers = '00000000-0000-0000-0000-000000000000';

/**
 * What the record of denials made staff look at. One stands open per rule and subject; more of the
 * same is counted there until somebody acknowledges it.
 */
export const alerts = controlTable(
  'alerts',
  {
    id: uuid('id')
      .$type<AlertId>()
      .primaryKey()
      .$defaultFn(() => newId<AlertId>()),
    rule: text('rule', { enum: alertRules }).notNull(),
    /** Whom or what it is about: the id of a person, a tenant or a fault. */
    subject: uuid('subject').notNull(),
    /** The tenant concerned, when it is one. */
    tenantId: uuid('tenant_id').$type<TenantId>(),
    userId: uuid('user_id').$type<UserId>(),
    actorName: text('actor_name'),
    actorEmail: text('actor_email'),
    openedAt: instant('opened_at').notNull().defaultNow(),
    /** Times of the first and of the latest denial. */
    firstSeenAt: instant('first_seen_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
    denials: integer('denials').notNull(),
    /** How many tenants they concern. */
    tenants: integer('tenants').notNull(),
    /** Of `allOthers`: how many subjects it stands for, the most that were seen at once. */
    subjects: integer('subjects').notNull().default(0),
    /** Of `denials`, those recorded before `counted_until`: minutes that are over. */
    counted: integer('counted').notNull().default(0),
    countedUntil: instant('counted_until').notNull(),
    acknowledgedAt: instant('acknowledged_at'),
    acknowledgedBy: uuid('acknowledged_by').$type<UserId>(),
    acknowledgedName: text('acknowledged_name'),
    note: text('note'),
  },
  {
    engine: [
      'select',
      'insert',
      {
        privilege: 'update',
        columns: [
          'last_seen_at',
          'denials',
          'tenants',
          'subjects',
          'counted',
          'counted_until',
          'tenant_id',
        ],
      },
    ],
    platform: [
      'select',
      {
        privilege: 'update',
        columns: ['acknowledged_at', 'acknowledged_by', 'acknowledged_name', 'note'],
      },
    ],
    eraser: [{ privilege: 'update', columns: ['note'] }],
  },
  (table) => [
    uniqueIndex('alerts_open').on(table.rule, table.subject).where(sql`acknowledged_at is null`),
    index('alerts_past').on(table.rule, table.subject, table.acknowledgedAt),
  ],
);

/** Who of staff has been told of an alert by mail. */
export const alertMails = controlTable(
  'alert_mails',
  {
    alertId: uuid('alert_id')
      .$type<AlertId>()
      .notNull()
      .references(() => alerts.id, { onDelete: 'cascade' }),
    userId: uuid('user_id').$type<UserId>().notNull(),
    sentAt: instant('sent_at').notNull().defaultNow(),
  },
  { engine: ['select', 'insert'], platform: ['select'] },
  (table) => [
    primaryKey({ name: 'alert_mails_pkey', columns: [table.alertId, table.userId] }),
    index('alert_mails_sent').on(table.userId, table.sentAt),
  ],
);
