import { type AuditEventId, type ConnectionId, newId, sql, type TenantTransaction } from '@/db';
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
  const { actor, requestId, runId, ipAddress, userAgent } = context;
  const connectionId = entry.connectionId ?? context.connectionId;
  // By name, since the builder would name the columns that are the database's to fill as well.
  await tx.execute(sql`
    insert into ${auditEvents}
      (tenant_id, id, actor_type, actor_id, actor_name, action, target_type, target_id, target_name,
       outcome, request_id, run_id, connection_id, ip_address, user_agent, details)
    values
      (${context.tenantId}, ${id}, ${actor.type}, ${actor.id}, ${actor.name}, ${entry.action},
       ${entry.target.type}, ${entry.target.id}, ${entry.target.name}, ${entry.outcome ?? 'success'},
       ${requestId}, ${runId ?? null}, ${connectionId ?? null}, ${ipAddress ?? null},
       ${userAgent ?? null}, ${JSON.stringify(entry.details ?? {})}::jsonb)`);
  return id;
}
