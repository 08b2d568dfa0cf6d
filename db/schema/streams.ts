import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import type { AuditStreamId, UserId } from '../ids';
import { anyTenants, instant, tenantTable } from './table';

export const streamKinds = ['webhook', 'syslog', 'bucket'] as const;
export type StreamKind = (typeof streamKinds)[number];
export const streamStates = ['active', 'paused'] as const;
export type StreamState = (typeof streamStates)[number];

/** Where a tenant's audit events are sent as they happen. */
export const auditStreams = tenantTable<AuditStreamId>()(
  'audit_streams',
  {
    name: text('name').notNull(),
    kind: text('kind', { enum: streamKinds }).notNull(),
    state: text('state', { enum: streamStates }).notNull().default('active'),
    /** Address and the like, as the kind has it; no secret. */
    settings: jsonb('settings').$type<Readonly<Record<string, unknown>>>().notNull(),
    /** What signs, or lets in, sealed under the tenant's key; empty where none is needed. */
    sealedSecret: text('sealed_secret').notNull().default(''),
    secretGeneration: integer('secret_generation').notNull().default(1),
    /** Place in the record of the next event to be sent. */
    position: bigint('position', { mode: 'number' }).notNull().default(0),
    /** When the last event that arrived had happened, and when one last arrived. */
    reachedAt: instant('reached_at'),
    deliveredAt: instant('delivered_at'),
    delivered: bigint('delivered', { mode: 'number' }).notNull().default(0),
    /** Failed attempts since the last that arrived; why, since when, and when it is tried again. */
    failures: integer('failures').notNull().default(0),
    failure: text('failure'),
    failingSince: instant('failing_since'),
    nextAttemptAt: instant('next_attempt_at').notNull().defaultNow(),
    /** When its owners were told that it fails. */
    toldAt: instant('told_at'),
    /** Until then a delivery is under way. */
    claimedUntil: instant('claimed_until'),
    createdBy: uuid('created_by').$type<UserId>().notNull(),
    createdName: text('created_name').notNull(),
  },
  {
    engine: [
      {
        privilege: 'select',
        columns: [
          ...['tenant_id', 'id', 'state', 'position', 'next_attempt_at', 'claimed_until'],
          ...['kind', 'failing_since', 'failures'],
        ],
      },
    ],
    // How they stand; where they lead, and what they are called, stays with the tenant.
    platform: [
      {
        privilege: 'select',
        columns: [
          ...['tenant_id', 'id', 'created_at', 'kind', 'state', 'delivered', 'delivered_at'],
          ...['failures', 'failure', 'failing_since', 'next_attempt_at'],
        ],
      },
    ],
  },
  (table) => [
    index('audit_streams_due').on(table.nextAttemptAt).where(sql`state = 'active'`),
    // Across tenants: the console's list, and those that fail.
    index('audit_streams_all').on(anyTenants(table.id)),
    index('audit_streams_failing')
      .on(anyTenants(table.id))
      .where(sql`state = 'active' and failing_since is not null`),
  ],
);
