import {
  type AuditEventId,
  alongside,
  type ConnectionId,
  newId,
  sql,
  type TenantTransaction,
} from '@/db';
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

const given = (name: string) => sql.placeholder(name);

/** By name, since the builder would name the columns that are the database's to fill as well. */
const write = alongside(sql`
  insert into ${auditEvents}
    (tenant_id, id, actor_type, actor_id, actor_name, action, target_type, target_id, target_name,
     outcome, request_id, run_id, connection_id, ip_address, user_agent, details)
  values
    (${given('tenantId')}, ${given('id')}, ${given('actorType')}, ${given('actorId')},
     ${given('actorName')}, ${given('action')}, ${given('targetType')}, ${given('targetId')},
     ${given('targetName')}, ${given('outcome')}, ${given('requestId')}, ${given('runId')},
     ${given('connectionId')}, ${given('ipAddress')}, ${given('userAgent')},
     ${given('details')}::jsonb)`);

/**
 * Write an audit event in the transaction of what it describes: if it cannot be recorded, it does
 * not happen. The event travels with the transaction's next statement or with its COMMIT, which fails
 * where the event cannot be written.
 * @returns the event's id
 */
export async function recordAudit(
  tx: TenantTransaction,
  context: ActingContext,
  { action, target, outcome, connectionId, details }: AuditEntry,
): Promise<AuditEventId> {
  const id = newId<AuditEventId>();
  const { tenantId, actor, requestId, runId, ipAddress, userAgent } = context;
  await write(tx, {
    tenantId,
    id,
    actorType: actor.type,
    actorId: actor.id,
    actorName: actor.name,
    action,
    targetType: target.type,
    targetId: target.id,
    targetName: target.name,
    outcome: outcome ?? 'success',
    requestId,
    runId: runId ?? null,
    connectionId: connectionId ?? context.connectionId ?? null,
    ipAddress: ipAddress ?? null,
    userAgent: userAgent ?? null,
    details: JSON.stringify(details ?? {}),
  });
  return id;
}
