import { sql } from 'drizzle-orm';
import { index, integer, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import {
  type CampaignId,
  type ConnectionId,
  newId,
  type ReconsentRequestId,
  type UserId,
} from '../ids';
import { authorities, connections, providerKeys } from './connections';
import { controlTable, instant, tenantReference, tenantTable } from './table';

/** Staff asking many tenants at once to give their connections authority again. */
export const campaigns = controlTable(
  'campaigns',
  {
    id: uuid('id')
      .$type<CampaignId>()
      .primaryKey()
      .$defaultFn(() => newId<CampaignId>()),
    provider: text('provider', { enum: providerKeys }).notNull(),
    authority: text('authority', { enum: authorities }).notNull(),
    /** What each connection should have been granted afterwards; empty: it should work again. */
    scopes: text('scopes').array().notNull(),
    message: text('message').notNull(),
    deadline: instant('deadline').notNull(),
    remindEveryDays: integer('remind_every_days').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: uuid('created_by').$type<UserId>().notNull(),
    createdName: text('created_name').notNull(),
    stoppedAt: instant('stopped_at'),
    stoppedName: text('stopped_name'),
  },
  {
    platform: [
      'select',
      'insert',
      { privilege: 'update', columns: ['stopped_at', 'stopped_name'] },
    ],
    eraser: [{ privilege: 'update', columns: ['message'] }],
  },
);

/**
 * What a campaign asks of one connection. Holds all that its tenant is told, so that nobody who works
 * for a tenant has to read what is asked of others.
 */
export const reconsentRequests = tenantTable<ReconsentRequestId>()(
  'reconsent_requests',
  {
    campaignId: uuid('campaign_id').$type<CampaignId>().notNull(),
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    scopes: text('scopes').array().notNull(),
    message: text('message').notNull(),
    deadline: instant('deadline').notNull(),
    remindEveryDays: integer('remind_every_days').notNull(),
    requestedBy: uuid('requested_by').$type<UserId>().notNull(),
    requestedName: text('requested_name').notNull(),
    /** When the next mail is due; null when nothing more is to be done. */
    nextMailAt: instant('next_mail_at').defaultNow(),
    mails: integer('mails').notNull().default(0),
    lastMailAt: instant('last_mail_at'),
    /** Staff asks no longer. */
    stoppedAt: instant('stopped_at'),
  },
  {
    app: ['select', { privilege: 'update', columns: ['next_mail_at', 'mails', 'last_mail_at'] }],
    platform: [
      'select',
      'insert',
      { privilege: 'update', columns: ['next_mail_at', 'stopped_at'] },
    ],
    engine: [{ privilege: 'select', columns: ['tenant_id', 'id', 'next_mail_at'] }],
  },
  (table) => [
    uniqueIndex('reconsent_requests_once').on(table.tenantId, table.campaignId, table.connectionId),
    index('reconsent_requests_of_connection').on(table.tenantId, table.connectionId),
    index('reconsent_requests_of_campaign').on(table.campaignId),
    index('reconsent_requests_due').on(table.nextMailAt).where(sql`next_mail_at is not null`),
    tenantReference(table, table.connectionId, () => connections, 'cascade'),
  ],
);
