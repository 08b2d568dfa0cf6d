import { index, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import type { AuditEventId } from '../ids';
import { tenantTable } from './table';

export const actorTypes = ['member', 'staff', 'automation', 'system'] as const;
export type ActorType = (typeof actorTypes)[number];
export const auditOutcomes = ['success', 'failure', 'denied'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** The record. Append-only: no role that serves may change or delete a row. */
export const auditEvents = tenantTable<AuditEventId>()(
  'audit_events',
  {
    actorType: text('actor_type', { enum: actorTypes }).notNull(),
    actorId: uuid('actor_id'),
    actorName: text('actor_name').notNull(),
    action: text('action').notNull(),
    targetType: text('target_type').notNull(),
    targetId: text('target_id').notNull(),
    targetName: text('target_name').notNull(),
    outcome: text('outcome', { enum: auditOutcomes }).notNull(),
    requestId: text('request_id').notNull(),
    runId: uuid('run_id'),
    connectionId: uuid('connection_id'),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** Before and after, or what else there is to know; redacted. */
    details: jsonb('details').$type<Record<string, unknown>>().notNull().default({}),
  },
  {
    app: ['select', 'insert'],
    identity: ['insert'],
    platform: [
      {
        privilege: 'select',
        columns: [
          'tenant_id',
          'id',
          'created_at',
          'actor_type',
          'actor_id',
          'actor_name',
          'action',
          'target_type',
          'target_id',
          'outcome',
          'request_id',
          'run_id',
          'connection_id',
        ],
      },
    ],
  },
  (table) => [
    index('audit_events_list').on(table.tenantId, table.createdAt, table.id),
    index('audit_events_action').on(table.tenantId, table.action, table.createdAt),
    index('audit_events_actor').on(table.tenantId, table.actorId, table.createdAt),
    index('audit_events_run').on(table.tenantId, table.runId, table.createdAt),
    index('audit_events_request').on(table.tenantId, table.requestId),
    index('audit_events_all').on(table.id),
  ],
);

export const denialReasons = [
  'not_found',
  'forbidden',
  'tenant_header_mismatch',
  'not_staff',
  'forged_job',
  'consent_state',
] as const;
export type DenialReason = (typeof denialReasons)[number];

/** Refused accesses: who asked for what, and why it was refused. */
export const tenantAccessLogs = tenantTable()(
  'tenant_access_logs',
  {
    userId: uuid('user_id'),
    ipAddress: text('ip_address'),
    method: text('method').notNull(),
    path: text('path').notNull(),
    reason: text('reason', { enum: denialReasons }).notNull(),
    requestId: text('request_id').notNull(),
    details: jsonb('details').$type<Record<string, unknown>>().notNull().default({}),
  },
  {
    app: ['select', 'insert'],
    engine: ['insert'],
    platform: ['select'],
  },
  (table) => [index('tenant_access_logs_list').on(table.tenantId, table.createdAt)],
);
