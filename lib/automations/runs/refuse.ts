import { type AutomationId, and, eq, gte, type TenantTransaction } from '@/db';
import { auditEvents } from '@/db/schema';
import { eventsFound, recordAudit } from '@/lib/audit';
import type { ActingContext } from '@/lib/tenancy';
import { type RunsUsedUp, startOfDayId } from '@/lib/usage';
import type { RunTrigger } from '../contract';

interface Refused {
  readonly id: AutomationId;
  readonly name: string;
}

/** Put on record that a run was not started, and why. */
export async function recordRefusal(
  tx: TenantTransaction,
  context: ActingContext,
  automation: Refused,
  { trigger, reason }: { readonly trigger: RunTrigger; readonly reason: RunsUsedUp },
): Promise<void> {
  await recordAudit(tx, context, {
    action: 'run.refused',
    target: { type: 'automation', id: automation.id, name: automation.name },
    outcome: 'denied',
    details: { trigger, reason: reason.message },
  });
}

/**
 * The same of a schedule that is skipped: once a day for each automation, since it may come up every
 * five minutes until the month is over.
 */
export async function recordSkip(
  tx: TenantTransaction,
  context: ActingContext,
  automation: Refused,
  reason: RunsUsedUp,
): Promise<void> {
  const [today] = await tx
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.tenantId, context.tenantId),
        eventsFound((of) => [
          eq(of.tenantId, context.tenantId),
          eq(of.action, 'run.refused'),
          gte(of.id, startOfDayId()),
        ]),
        eq(auditEvents.targetId, automation.id),
      ),
    )
    .limit(1);
  if (!today) await recordRefusal(tx, context, automation, { trigger: 'schedule', reason });
}
