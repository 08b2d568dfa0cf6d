import { type AuditEventId, type ConnectionId, newId, type TenantTransaction } from '@/db';
import { type AuditOutcome, auditEvents } from '@/db/schema';
import type { ActingContext } from '@/lib/tenancy';
import type { AuditAction } from './contract';

export interface AuditEntry {
  readonly action: AuditAction;
  readonly target: { readonly type: string; readonly id: string; readonly name: string };
  readonly outcome?: AuditOutcome;
  readonly connectionId?: ConnectionId;
  /** Before and after, or what else there is to know. Never a secret, never a message's text. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Write an audit event in the transaction of what it describes: if it cannot be recorded, it does
 * not happen.
 * @returns the event's id
 */
export async function recordAudit(
  tx: TenantTransaction,
  context: ActingContext,
  entry: AuditEntry,
): Promise<AuditEventId> {
  const id = newId<AuditEventId>();
  await tx.insert(auditEvents).values({
    tenantId: context.tenantId,
    id,
    actorType: context.actor.type,
    actorId: context.actor.id,
    actorName: context.actor.name,
    action: entry.action,
    targetType: entry.target.type,
    targetId: entry.target.id,
    targetName: entry.target.name,
    outcome: entry.outcome ?? 'success',
    requestId: context.requestId,
    runId: context.runId ?? null,
    connectionId: entry.connectionId ?? context.connectionId ?? null,
    ipAddress: context.ipAddress ?? null,
    userAgent: context.userAgent ?? null,
    details: entry.details ?? {},
  });
  return id;
}
