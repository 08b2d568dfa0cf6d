import { index, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ConnectionId, ProviderNoticeId } from '../ids';
import { connections } from './connections';
import { controlTable, instant, tenantReference, tenantTable } from './table';

/**
 * What providers have delivered, until it could not be sent again anyway: whose delivery it is nobody
 * knows yet. Holds digests and names of events, never what was said.
 */
export const webhookDeliveries = controlTable(
  'webhook_deliveries',
  {
    /** `slack/event/Ev…`, `slack/signature/<SHA-256>`, `microsoft/notice/<SHA-256>`. */
    key: text('key').primaryKey(),
    receivedAt: instant('received_at').notNull().defaultNow(),
    /** When all that follows from it was asked for; null while that is under way, or was cut short. */
    handledAt: instant('handled_at'),
    /** After that the same would be refused for its age. */
    expiresAt: instant('expires_at').notNull(),
  },
  { engine: ['select', 'insert', 'update', 'delete'] },
  (table) => [index('webhook_deliveries_expiry').on(table.expiresAt)],
);

export const noticeKinds = [
  'authority_questioned',
  'uninstalled',
  'subscription_removed',
  'subscription_missed',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export const noticeOutcomes = ['confirmed', 'contradicted', 'requested', 'outdated'] as const;
export type NoticeOutcome = (typeof noticeOutcomes)[number];

/** What a provider told us by itself about a connection, and what came of it. */
export const providerNotices = tenantTable<ProviderNoticeId>()(
  'provider_notices',
  {
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    kind: text('kind', { enum: noticeKinds }).notNull(),
    /** The provider's own word for it: `tokens_revoked`, `reauthorizationRequired`. */
    event: text('event').notNull(),
    handledAt: instant('handled_at'),
    outcome: text('outcome', { enum: noticeOutcomes }),
  },
  { app: ['select', 'insert', 'update'] },
  (table) => [
    index('provider_notices_connection').on(table.tenantId, table.connectionId, table.createdAt),
    tenantReference(table, table.connectionId, () => connections, 'cascade'),
  ],
);

/** Where Microsoft Graph sends what happens to a connection; one each. */
export const webhookSubscriptions = tenantTable()(
  'webhook_subscriptions',
  {
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    /** The provider's id of it. */
    subscriptionId: text('subscription_id').notNull(),
    /** SHA-256, base64url, of the secret that every notice about it has to bring. */
    secretHash: text('secret_hash').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** At half of its life, or sooner when the provider asks for it. */
    renewAt: instant('renew_at').notNull(),
  },
  {
    // Tells by the provider's id whose a notice is, and finds what is due.
    engine: [
      {
        privilege: 'select',
        columns: ['tenant_id', 'id', 'connection_id', 'subscription_id', 'secret_hash', 'renew_at'],
      },
    ],
  },
  (table) => [
    uniqueIndex('webhook_subscriptions_connection').on(table.tenantId, table.connectionId),
    index('webhook_subscriptions_provider_id').on(table.subscriptionId),
    index('webhook_subscriptions_due').on(table.renewAt),
    tenantReference(table, table.connectionId, () => connections, 'cascade'),
  ],
);
