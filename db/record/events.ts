import type { AuditEventId, TenantId } from '../ids';

/** An audit event as its leaf is made of it: every column, in the words of PostgreSQL. */
export interface StoredEvent {
  readonly tenantId: TenantId;
  readonly id: AuditEventId;
  /** ISO 8601 in UTC, microseconds. */
  readonly at: string;
  readonly actorType: string;
  readonly actorId: string | null;
  readonly actorName: string;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly targetName: string;
  readonly outcome: string;
  readonly requestId: string;
  readonly runId: string | null;
  readonly connectionId: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  /** JSON. */
  readonly details: string;
}

/** A moment as leaves have it: nothing of it is rounded away. */
export const exactTime = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The columns of a `StoredEvent`, of `audit_events e`. */
export const eventColumns = `e.tenant_id as "tenantId", e.id, ${exactTime('e.created_at')} as at,
  e.actor_type as "actorType", e.actor_id as "actorId", e.actor_name as "actorName", e.action,
  e.target_type as "targetType", e.target_id as "targetId", e.target_name as "targetName",
  e.outcome, e.request_id as "requestId", e.run_id as "runId", e.connection_id as "connectionId",
  e.ip_address as "ipAddress", e.user_agent as "userAgent", e.details::text as details`;
