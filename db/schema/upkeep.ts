import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { type AppFaultId, type ConnectionId, type IncidentId, newId, type TenantId } from '../ids';
import { connections, providerKeys } from './connections';
import { controlTable, instant, tenantReference, tenantTable } from './table';

/** What was refused: our client at the token endpoint, or our project at the API. */
export const appFaultAreas = ['token', 'api'] as const;
export type AppFaultArea = (typeof appFaultAreas)[number];

/**
 * A provider refuses our own client: its secret has ended, its id is wrong, its project is switched
 * off. One is open per provider; it concerns every tenant and is none's fault.
 */
export const providerAppFaults = controlTable(
  'provider_app_faults',
  {
    id: uuid('id')
      .$type<AppFaultId>()
      .primaryKey()
      .$defaultFn(() => newId<AppFaultId>()),
    provider: text('provider', { enum: providerKeys }).notNull(),
    /** The provider's own code, as it was first. */
    code: text('code'),
    area: text('area', { enum: appFaultAreas }).notNull(),
    since: instant('since').notNull().defaultNow(),
    lastSeenAt: instant('last_seen_at').notNull().defaultNow(),
    /** Refusals so far. */
    seen: integer('seen').notNull().default(1),
    /** When one call may try whether it is over, and how many have tried. */
    probeAt: instant('probe_at').notNull(),
    probes: integer('probes').notNull().default(0),
    clearedAt: instant('cleared_at'),
    /** When staff were told that it is over. */
    recoveryToldAt: instant('recovery_told_at'),
  },
  { engine: ['select', 'insert', 'update'], platform: ['select'] },
  (table) => [
    uniqueIndex('provider_app_faults_open').on(table.provider).where(sql`cleared_at is null`),
    index('provider_app_faults_since').on(table.since),
  ],
);

/**
 * Refusals that are the tenant's own policy when one meets them, and our fault when all do: who has
 * met which lately.
 */
export const providerAppDoubts = controlTable(
  'provider_app_doubts',
  {
    provider: text('provider', { enum: providerKeys }).notNull(),
    code: text('code').notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    seenAt: instant('seen_at').notNull().defaultNow(),
  },
  { engine: ['select', 'insert', 'update', 'delete'] },
  (table) => [
    primaryKey({
      name: 'provider_app_doubts_pkey',
      columns: [table.provider, table.code, table.tenantId],
    }),
  ],
);

/** Why a connection does not do its work. */
export const incidentKinds = [
  'needs_reconsent',
  'needs_scopes',
  'blocked_by_policy',
  'degraded',
] as const;
export type IncidentKind = (typeof incidentKinds)[number];

/** A connection that broke, from then until it works again. One is open per connection. */
export const connectionIncidents = tenantTable<IncidentId>()(
  'connection_incidents',
  {
    connectionId: uuid('connection_id').$type<ConnectionId>().notNull(),
    kind: text('kind', { enum: incidentKinds }).notNull(),
    /** In plain words. */
    reason: text('reason'),
    since: instant('since').notNull().defaultNow(),
    /** When those who look after it were told; null while they have not been. */
    toldAt: instant('told_at'),
    endedAt: instant('ended_at'),
    /** How it ended: it works again, or was disconnected. */
    outcome: text('outcome', { enum: ['recovered', 'disconnected'] }),
    recoveryToldAt: instant('recovery_told_at'),
  },
  {},
  (table) => [
    uniqueIndex('connection_incidents_open')
      .on(table.tenantId, table.connectionId)
      .where(sql`ended_at is null`),
    index('connection_incidents_list').on(table.tenantId, table.connectionId, table.since),
    tenantReference(table, table.connectionId, () => connections, 'cascade'),
  ],
);
