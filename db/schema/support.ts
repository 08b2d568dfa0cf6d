import { sql } from 'drizzle-orm';
import { index, integer, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { SupportRequestId, SupportSessionId, UserId } from '../ids';
import { anyTenants, instant, tenantReference, tenantTable } from './table';
import { staffRoles } from './tenancy';

/** Why a support session is over. */
export const supportEndings = [
  'stopped',
  'time',
  'ended_by_tenant',
  'staff_changed',
  'signed_out',
  'tenant_not_active',
] as const;
export type SupportEnding = (typeof supportEndings)[number];

/**
 * Staff looking into a tenant: who, why, until when. Looked at on each request of the session, by the
 * role that knows who people are; begun and ended in the tenant, beside its record.
 */
export const supportSessions = tenantTable<SupportSessionId>()(
  'support_sessions',
  {
    userId: uuid('user_id').$type<UserId>().notNull(),
    /** As the person was called, and what they were, when it began; another role ends it. */
    staffName: text('staff_name').notNull(),
    staffRole: text('staff_role', { enum: staffRoles }).notNull(),
    reason: text('reason').notNull(),
    ticket: text('ticket'),
    endsAt: instant('ends_at').notNull(),
    endedAt: instant('ended_at'),
    ending: text('ending', { enum: supportEndings }),
    /** Who ended it; null for what ended by itself. */
    endedName: text('ended_name'),
    /** Since when a second person lets it mend, not only look. */
    writeSince: instant('write_since'),
    writeApprovedName: text('write_approved_name'),
  },
  {
    app: [
      'select',
      'insert',
      {
        privilege: 'update',
        columns: ['ended_at', 'ending', 'ended_name', 'write_since', 'write_approved_name'],
      },
    ],
    identity: ['select'],
    // Ends them where it suspends a tenant.
    platform: ['select', { privilege: 'update', columns: ['ended_at', 'ending', 'ended_name'] }],
  },
  (table) => [
    index('support_sessions_list').on(table.tenantId, table.createdAt),
    index('support_sessions_open').on(table.tenantId, table.endsAt).where(sql`ended_at is null`),
  ],
);

/** What a session has been shown, so that a timer of an open page is no new look. */
export const supportViews = tenantTable()(
  'support_views',
  {
    supportSessionId: uuid('support_session_id').$type<SupportSessionId>().notNull(),
    /** Method and address, with its query. */
    place: text('place').notNull(),
    seenAt: instant('seen_at').notNull().defaultNow(),
    times: integer('times').notNull().default(1),
  },
  { app: ['select', 'insert', { privilege: 'update', columns: ['seen_at', 'times'] }] },
  (table) => [
    tenantReference(table, table.supportSessionId, () => supportSessions, 'cascade'),
    uniqueIndex('support_views_place').on(table.tenantId, table.supportSessionId, table.place),
  ],
);

/** Staff asking the owners of a tenant that refuses support to let them look. */
export const supportRequests = tenantTable<SupportRequestId>()(
  'support_requests',
  {
    userId: uuid('user_id').$type<UserId>().notNull(),
    staffName: text('staff_name').notNull(),
    reason: text('reason').notNull(),
    ticket: text('ticket'),
    /** Until when it can be answered, and from the approval on, until when a session may begin. */
    expiresAt: instant('expires_at').notNull(),
    decision: text('decision', { enum: ['approved', 'declined'] }),
    decidedAt: instant('decided_at'),
    decidedBy: uuid('decided_by').$type<UserId>(),
    decidedName: text('decided_name'),
    /** When the session that it allowed began: it allows one. */
    usedAt: instant('used_at'),
  },
  {
    app: [
      'select',
      'insert',
      {
        privilege: 'update',
        columns: ['expires_at', 'decision', 'decided_at', 'decided_by', 'decided_name', 'used_at'],
      },
    ],
    platform: ['select'],
  },
  (table) => [
    index('support_requests_list').on(table.tenantId, table.createdAt),
    // Across tenants: the console's list, and those that nobody has answered.
    index('support_requests_all').on(anyTenants(table.id)),
    index('support_requests_unanswered').on(anyTenants(table.id)).where(sql`decision is null`),
  ],
);

/** A tenant's word on support; without a row, support may look. */
export const supportSettings = tenantTable()(
  'support_settings',
  {
    /** `ask`: only after an owner's approval. */
    access: text('access', { enum: ['open', 'ask'] }).notNull(),
    changedBy: uuid('changed_by').$type<UserId>().notNull(),
    changedAt: instant('changed_at').notNull().defaultNow(),
  },
  { app: ['select', 'insert', 'update'], platform: ['select'] },
  (table) => [uniqueIndex('support_settings_tenant').on(table.tenantId)],
);
