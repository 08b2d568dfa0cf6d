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
import type { ConnectionId, DiscoveryId, ResourceId, UserId } from '../ids';
import { connections } from './connections';
import { searchRole } from './roles';
import { instant, tenantReference, tenantTable } from './table';

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
    // What the nightly purge takes, the longest gone first.
    index('resources_gone').on(table.tenantId, table.goneAt).where(sql`gone_at is not null`),
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
