import { sql } from 'drizzle-orm';
import { index, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ConnectionId, ConsentLinkId, UserId } from '../ids';
import { connections } from './connections';
import { instant, tenantReference, tenantTable } from './table';

/** `allowance` connects nothing: an administrator lets their people do so by themselves. */
export const consentPurposes = ['admin_consent', 'reconsent', 'allowance'] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];

/** A link to hand to somebody who has no account here, to give a connection its authority. */
export const consentLinks = tenantTable<ConsentLinkId>()(
  'consent_links',
  {
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    purpose: text('purpose', { enum: consentPurposes }).notNull(),
    /** SHA-256 of the token in the link, base64url: the link itself is kept nowhere. */
    tokenHash: text('token_hash').notNull(),
    /** Mail address of whom it is for. */
    forEmail: text('for_email').notNull(),
    /** What who asks wants to say. */
    message: text('message'),
    /** Permissions to ask for besides the required ones and those given already. */
    scopes: text('scopes').array().notNull().default([]),
    madeBy: uuid('made_by').$type<UserId>().notNull(),
    /** The campaign that it belongs to, if any. */
    campaignId: uuid('campaign_id'),
    expiresAt: instant('expires_at').notNull(),
    /** First time that its page was opened. */
    openedAt: instant('opened_at'),
    usedAt: instant('used_at'),
    revokedAt: instant('revoked_at'),
  },
  { identity: ['select'] },
  (table) => [
    index('consent_links_connection').on(table.tenantId, table.connectionId, table.createdAt),
    index('consent_links_campaign')
      .on(table.tenantId, table.campaignId)
      .where(sql`campaign_id is not null`),
    index('consent_links_by_token').on(table.tokenHash),
    tenantReference(table, table.connectionId, () => connections, 'cascade'),
  ],
);

export const consentSteps = ['authorization', 'admin_consent', 'sign_in'] as const;
export type ConsentStep = (typeof consentSteps)[number];

/** A consent under way: one redirect to the provider and back. */
export const consentRequests = tenantTable()(
  'consent_requests',
  {
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    /** SHA-256 of `state`, base64url. */
    stateHash: text('state_hash').notNull(),
    /** SHA-256 of the browser session's own secret: another person cannot finish this flow. */
    sessionHash: text('session_hash').notNull(),
    /** PKCE verifier, sealed. */
    sealedVerifier: text('sealed_verifier').notNull(),
    /** Whose flow it is; null for whoever came by a link. */
    userId: uuid('user_id').$type<UserId>(),
    /** The link that it was begun from; null for a member's own flow. */
    linkId: uuid('link_id').$type<ConsentLinkId>(),
    /** What is asked on the provider's page. */
    step: text('step', { enum: consentSteps }).notNull().default('authorization'),
    /**
     * Whose administrator is asked, where the connection is an organisation's already; and what the
     * consent came back for, until a sign-in proves it.
     */
    organization: text('organization'),
    scopes: text('scopes').array().notNull(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  {},
  (table) => [
    uniqueIndex('consent_requests_state').on(table.tenantId, table.stateHash),
    index('consent_requests_connection').on(table.tenantId, table.connectionId),
    index('consent_requests_link').on(table.tenantId, table.linkId),
    tenantReference(table, table.connectionId, () => connections, 'cascade'),
    tenantReference(table, table.linkId, () => consentLinks, 'cascade'),
  ],
);
