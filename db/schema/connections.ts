import { sql } from 'drizzle-orm';
import {
  customType,
  index,
  integer,
  jsonb,
  pgPolicy,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type {
  ConnectionId,
  ConsentLinkId,
  CredentialId,
  DiscoveryId,
  JobId,
  ResourceId,
  RunId,
  RunStepId,
  UserId,
} from '../ids';
import { searchRole } from './roles';
import { instant, tenantReference, tenantTable } from './table';

export const providerKeys = ['google', 'microsoft', 'slack'] as const;
export type ProviderKey = (typeof providerKeys)[number];

export const authorities = ['delegated', 'application'] as const;
export type Authority = (typeof authorities)[number];

export const connectionStates = [
  'pending',
  'verifying',
  'active',
  'degraded',
  'needs_scopes',
  'needs_reconsent',
  'blocked_by_policy',
  'disconnected',
] as const;
export type ConnectionState = (typeof connectionStates)[number];

export const connections = tenantTable<ConnectionId>()(
  'connections',
  {
    provider: text('provider', { enum: providerKeys }).notNull(),
    /** For one person (`delegated`) or for the whole organisation (`application`). */
    authority: text('authority', { enum: authorities }).notNull().default('delegated'),
    state: text('state', { enum: connectionStates }).notNull().default('pending'),
    /** Why it is in this state, in plain words; null when all is well. */
    stateReason: text('state_reason'),
    stateChangedAt: instant('state_changed_at').notNull().defaultNow(),
    /** The provider's own id of the account or organisation; null until first consent. */
    accountId: text('account_id'),
    /** Null for a whole organisation. */
    accountEmail: text('account_email'),
    /** The organisation at the provider (Google `hd`, Microsoft `tid`, Slack team id). */
    providerTenant: text('provider_tenant'),
    /** What people call the organisation; null for one person's account. */
    organizationName: text('organization_name'),
    scopes: text('scopes').array().notNull().default([]),
    lastUsedAt: instant('last_used_at'),
    createdBy: uuid('created_by').$type<UserId>().notNull(),
  },
  {
    platform: [
      {
        privilege: 'select',
        columns: [
          'tenant_id',
          'id',
          'created_at',
          'provider',
          'authority',
          'state',
          'state_reason',
          'state_changed_at',
          'last_used_at',
          'scopes',
        ],
      },
    ],
    // Finds what needs looking after, whoever's it is.
    engine: [
      {
        privilege: 'select',
        columns: [
          'tenant_id',
          'id',
          'provider',
          'authority',
          'state',
          'state_changed_at',
          'last_used_at',
          'provider_tenant',
          'account_id',
        ],
      },
    ],
  },
  (table) => [
    index('connections_list').on(table.tenantId, table.createdAt),
    index('connections_unsteady').on(table.stateChangedAt).where(sql`state = 'degraded'`),
    // Whose a notice of a provider's is.
    index('connections_organization').on(table.provider, table.providerTenant),
    // Whether an account is connected anywhere else.
    index('connections_same_account').on(table.provider, table.accountId),
    uniqueIndex('connections_account').on(table.tenantId, table.provider, table.accountId),
  ],
);

export const credentials = tenantTable<CredentialId>()(
  'credentials',
  {
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    /** Counts consents; bound into the sealed text. */
    generation: integer('generation').notNull(),
    /** Counts refreshes: compare-and-swap on it. */
    tokenVersion: integer('token_version').notNull().default(1),
    /** Base64 of the sealed tokens, in the vault's message format. */
    sealed: text('sealed').notNull(),
    accessExpiresAt: instant('access_expires_at').notNull(),
    /** Who is refreshing now, and until when nobody else may try. */
    refreshLease: uuid('refresh_lease'),
    refreshLeaseUntil: instant('refresh_lease_until'),
    /** Refreshes ahead of the end that failed in a row, and until when the next one waits. */
    refreshFailures: integer('refresh_failures').notNull().default(0),
    refreshRetryAt: instant('refresh_retry_at'),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  {
    // Finds what ends soon, whoever's it is; never what is sealed.
    engine: [
      {
        privilege: 'select',
        columns: [
          'tenant_id',
          'connection_id',
          'access_expires_at',
          'refresh_retry_at',
          'updated_at',
        ],
      },
    ],
  },
  (table) => [
    uniqueIndex('credentials_connection').on(table.tenantId, table.connectionId),
    index('credentials_ending').on(table.accessExpiresAt),
    index('credentials_resting').on(table.updatedAt),
    tenantReference(table, table.connectionId, () => connections, 'cascade'),
  ],
);

export const consentPurposes = ['admin_consent', 'reconsent'] as const;
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
    /** The organisation that an administrator's consent came back for, until a sign-in proves it. */
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

export const discoveryStates = ['queued', 'running', 'succeeded', 'failed'] as const;
export type DiscoveryState = (typeof discoveryStates)[number];

export const discoveries = tenantTable<DiscoveryId>()(
  'discoveries',
  {
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    state: text('state', { enum: discoveryStates }).notNull().default('queued'),
    phase: text('phase'),
    /** Found so far, by resource kind. */
    counts: jsonb('counts').$type<Record<string, number>>().notNull().default({}),
    added: integer('added').notNull().default(0),
    updated: integer('updated').notNull().default(0),
    gone: integer('gone').notNull().default(0),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    error: text('error'),
    requestedBy: uuid('requested_by').$type<UserId>(),
  },
  {},
  (table) => [
    index('discoveries_list').on(table.tenantId, table.connectionId, table.createdAt),
    tenantReference(table, table.connectionId, () => connections, 'cascade'),
  ],
);

export const resourceKinds = [
  'user',
  'mailbox',
  'label',
  'site',
  'drive',
  'folder',
  'file',
  'calendar',
  'team',
  'channel',
] as const;
export type ResourceKind = (typeof resourceKinds)[number];

/** Text that compares byte by byte: a prefix is a range, whatever the database's locale. */
const bytewiseText = customType<{ data: string }>({ dataType: () => 'text collate "C"' });

export const resources = tenantTable<ResourceId>()(
  'resources',
  {
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    kind: text('kind', { enum: resourceKinds }).notNull(),
    providerId: text('provider_id').notNull(),
    parentProviderId: text('parent_provider_id'),
    name: text('name').notNull(),
    /** What lists sort and search by: `LIKE` and `lower()` lose their index under row security. */
    sortName: bytewiseText('sort_name').notNull().generatedAlwaysAs(sql`lower(name)`),
    attributes: jsonb('attributes').$type<Record<string, unknown>>().notNull().default({}),
    firstSeenAt: instant('first_seen_at').notNull().defaultNow(),
    lastSeenIn: uuid('last_seen_in').$type<DiscoveryId>().notNull(),
    /** The listing it was found in, where that can be continued from a cursor. */
    scope: text('scope'),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    goneAt: instant('gone_at'),
  },
  {
    search: [
      {
        privilege: 'select',
        columns: ['tenant_id', 'id', 'sort_name', 'attributes', 'kind', 'connection_id', 'gone_at'],
      },
    ],
  },
  (table) => [
    uniqueIndex('resources_provider_id').on(
      table.tenantId,
      table.connectionId,
      table.kind,
      table.providerId,
    ),
    index('resources_by_name').on(table.tenantId, table.sortName, table.id),
    index('resources_by_kind').on(table.tenantId, table.kind, table.sortName, table.id),
    // What `search.resources` looks up, by tenant: drizzle/0006_search.sql. The pending list, through
    // which every tenant's search has to read, is short: it halves what a write costs, and a search
    // does not feel it.
    index('resources_search')
      .using(
        'gin',
        sql`search.resource_tokens(${table.tenantId}, ${table.sortName}, ${table.attributes}, ${table.kind}, ${table.connectionId}, (${table.goneAt} is not null))`,
      )
      .with({ gin_pending_list_limit: 256 }),
    pgPolicy('search_access', { for: 'select', to: searchRole, using: sql`true` }),
    tenantReference(table, table.connectionId, () => connections, 'cascade'),
  ],
);

/** Where a listing can be continued next time: what it doesn't mention then is still there. */
export const discoveryCursors = tenantTable()(
  'discovery_cursors',
  {
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    scope: text('scope').notNull(),
    /** The provider's own: a delta link or a sync token. */
    cursor: text('cursor').notNull(),
    /** The discovery that listed everything last: only if that came to its end was the rest gone. */
    listedIn: uuid('listed_in').$type<DiscoveryId>(),
    /** The discovery that went on from a cursor; null when the last one listed everything. */
    continuedIn: uuid('continued_in').$type<DiscoveryId>(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  {},
  (table) => [
    uniqueIndex('discovery_cursors_scope').on(table.tenantId, table.connectionId, table.scope),
    tenantReference(table, table.connectionId, () => connections, 'cascade'),
  ],
);

/** Every call to a provider: what was asked and how it went, never what was said. */
export const providerCalls = tenantTable()(
  'provider_calls',
  {
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    runId: uuid('run_id').$type<RunId>(),
    runStepId: uuid('run_step_id').$type<RunStepId>(),
    discoveryId: uuid('discovery_id').$type<DiscoveryId>(),
    method: text('method').notNull(),
    /** Path with ids, without the query. */
    path: text('path').notNull(),
    /** HTTP status; null when no answer came. */
    status: integer('status'),
    outcome: text('outcome').notNull(),
    durationMs: integer('duration_ms').notNull(),
    attempt: integer('attempt').notNull().default(1),
  },
  { app: ['select', 'insert'] },
  (table) => [
    index('provider_calls_run').on(table.tenantId, table.runId, table.createdAt),
    index('provider_calls_connection').on(table.tenantId, table.connectionId, table.createdAt),
  ],
);

/** A token bucket per provider account and what the provider counts by. */
export const providerBudgets = tenantTable()(
  'provider_budgets',
  {
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    /** A mailbox, a method, a channel; empty for the account as a whole. */
    dimension: text('dimension').notNull().default(''),
    tokens: integer('tokens').notNull(),
    refilledAt: instant('refilled_at').notNull().defaultNow(),
    /** Until then the provider asked us to be quiet. */
    pausedUntil: instant('paused_until'),
    /** Until then it fills at half its pace: the provider has warned us. */
    slowedUntil: instant('slowed_until'),
  },
  {},
  (table) => [
    uniqueIndex('provider_budgets_dimension').on(
      table.tenantId,
      table.connectionId,
      table.dimension,
    ),
    tenantReference(table, table.connectionId, () => connections, 'cascade'),
  ],
);

/**
 * Work asked for, written in the transaction that asks for it; a relay turns each row into one event
 * for the background functions. A function takes its tenant from here, never from the event.
 */
export const jobs = tenantTable<JobId>()(
  'jobs',
  {
    kind: text('kind').notNull(),
    subjectId: uuid('subject_id').notNull(),
    requestedBy: uuid('requested_by').$type<UserId>(),
    requestId: text('request_id').notNull(),
    dispatchedAt: instant('dispatched_at'),
  },
  {
    app: ['select', 'insert'],
    engine: ['select', { privilege: 'update', columns: ['dispatched_at'] }],
  },
  (table) => [
    index('jobs_undispatched').on(table.dispatchedAt, table.createdAt),
    index('jobs_by_id').on(table.id),
    index('jobs_by_subject').on(table.tenantId, table.subjectId),
  ],
);
