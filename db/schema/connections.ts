import { sql } from 'drizzle-orm';
import { index, integer, pgPolicy, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type {
  ConnectionId,
  CredentialId,
  DiscoveryId,
  JobId,
  RunId,
  RunStepId,
  UserId,
} from '../ids';
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
    /** Counts consents, across disconnecting too: no sealed text ever fits a later one's place. */
    generation: integer('generation').notNull().default(0),
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
    // Across tenants: what waits for somebody, in words that no tenant's own query has.
    index('connections_broken')
      .on(sql`coalesce(${table.stateChangedAt})`)
      .where(sql`(state || '') in ('needs_scopes', 'needs_reconsent', 'blocked_by_policy')`),
    index('connections_unsteady').on(table.stateChangedAt).where(sql`state = 'degraded'`),
    // Whose a notice of a provider's is.
    index('connections_organization').on(table.provider, table.providerTenant),
    // For questions over all tenants only. Their terms are such that no tenant's own query fits them,
    // which would leave the key that its tenant leads: whether an account is connected anywhere else,
    // and whose a connection is.
    index('connections_same_account').on(sql`(${table.provider} || ' ' || ${table.accountId})`),
    index('connections_by_id').on(sql`(${table.id}::text)`),
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
          'token_version',
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

/** Every call to a provider: what was asked and how it went, never what was said. */
export const providerCalls = tenantTable()(
  'provider_calls',
  {
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    runId: uuid('run_id').$type<RunId>(),
    runStepId: uuid('run_step_id').$type<RunStepId>(),
    discoveryId: uuid('discovery_id').$type<DiscoveryId>(),
    method: text('method').notNull(),
    /** Null for calls of before it was kept. */
    host: text('host'),
    /** Path with ids, without the query. */
    path: text('path').notNull(),
    /** HTTP status; null when no answer came. */
    status: integer('status'),
    outcome: text('outcome').notNull(),
    durationMs: integer('duration_ms').notNull(),
    attempt: integer('attempt').notNull().default(1),
  },
  {
    app: ['select', 'insert'],
    // Deletes what is old.
    engine: [{ privilege: 'select', columns: ['tenant_id', 'id', 'created_at'] }, 'delete'],
    // Not the path: it holds ids, and addresses of people, at the provider.
    platform: [
      {
        privilege: 'select',
        columns: [
          'tenant_id',
          'id',
          'created_at',
          'connection_id',
          'run_id',
          'run_step_id',
          'discovery_id',
          'method',
          'host',
          'status',
          'outcome',
          'duration_ms',
          'attempt',
        ],
      },
    ],
  },
  (table) => [
    index('provider_calls_hour').on(table.tenantId, table.createdAt),
    index('provider_calls_run').on(table.tenantId, table.runId, table.createdAt),
    index('provider_calls_connection').on(table.tenantId, table.connectionId, table.createdAt),
    index('provider_calls_discovery')
      .on(table.tenantId, table.discoveryId, table.createdAt)
      .where(sql`discovery_id is not null`),
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
    platform: ['insert'],
    engine: ['select', { privilege: 'update', columns: ['dispatched_at'] }, 'delete'],
  },
  (table) => [
    index('jobs_undispatched').on(table.dispatchedAt, table.createdAt),
    index('jobs_by_id').on(table.id),
    index('jobs_by_subject').on(table.tenantId, table.subjectId),
    // The oldest goes first: how old one is, is not for its writer to say.
    pgPolicy('jobs_begin_now', {
      as: 'restrictive',
      for: 'insert',
      to: 'public',
      withCheck: sql`${table.createdAt} = now()`,
    }),
  ],
);
