import {
  and,
  type DueAutomation,
  dueAutomations,
  eq,
  inArray,
  isNull,
  newId,
  type RunId,
  sql,
  type TenantTransaction,
  withTenant,
} from '@/db';
import { automations, type ConnectionState, connections, runs, tenants } from '@/db/schema';
import { logger } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { runsUsedUp } from '@/lib/usage';
import { nextRunOf } from '../manage/check';
import { recordSkip } from './refuse';
import { insertRun } from './request';

/** Automations looked up at a time. */
const batch = 200;
/** Batches of one tick; what is left waits for the next minute. */
const batches = 25;

type Automation = typeof automations.$inferSelect;

/**
 * Move the automation on to its next time. Whoever does so has the slot; anybody else who saw the
 * same time finds it gone.
 */
async function takeSlot(
  tx: TenantTransaction,
  { tenantId, automationId, slot }: DueAutomation,
  now: Date,
): Promise<Automation | null> {
  const due = and(
    eq(automations.tenantId, tenantId),
    eq(automations.id, automationId),
    // In a form that no index answers: the automation is found by its tenant and id, and not by an
    // index of everybody's times.
    sql`${automations.nextRunAt} is not distinct from ${slot.toISOString()}::timestamptz`,
    eq(automations.enabled, true),
    isNull(automations.archivedAt),
  );
  const [automation] = await tx.select().from(automations).where(due).for('update');
  if (!automation) return null;
  // From now, not from the slot: however many were missed, the next one lies ahead.
  const next = readableNext(automation, now);
  await tx.update(automations).set({ nextRunAt: next.at }).where(due);
  return next.readable ? automation : null;
}

/** A schedule that cannot be read (any more) rests instead of coming up again every minute. */
function readableNext({ id, tenantId, trigger }: Automation, now: Date) {
  try {
    return { readable: true, at: nextRunOf(trigger, true, now) };
  } catch (error) {
    logger.error(
      { err: error, tenant_id: tenantId, automation_id: id },
      'a schedule cannot be read; its automation rests until it is changed',
    );
    return { readable: false, at: null };
  }
}

/** A connection that waits for somebody: a run of it could only fail. */
const broken: readonly ConnectionState[] = [
  'needs_scopes',
  'needs_reconsent',
  'blocked_by_policy',
  'disconnected',
];

/**
 * A suspended organisation rests, so does what works through a connection that waits for somebody, and
 * a run that is not done yet is not joined by another.
 */
async function mayStart(tx: TenantTransaction, automation: Automation): Promise<boolean> {
  const [tenant] = await tx
    .select({ state: tenants.state })
    .from(tenants)
    .where(eq(tenants.id, automation.tenantId));
  if (tenant?.state !== 'active') return false;
  const [connection] = await tx
    .select({ state: connections.state })
    .from(connections)
    .where(
      and(
        eq(connections.tenantId, automation.tenantId),
        eq(connections.id, automation.connectionId),
      ),
    );
  if (!connection || broken.includes(connection.state)) return false;
  const [unfinished] = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        eq(runs.tenantId, automation.tenantId),
        eq(runs.automationId, automation.id),
        eq(runs.trigger, 'schedule'),
        inArray(runs.state, ['queued', 'running']),
      ),
    )
    .limit(1);
  return unfinished === undefined;
}

/**
 * Start the run of one due slot, exactly once however many processes try.
 * @returns the run; null when somebody else had the slot, or it is left out: for the month's runs
 *   being used up that goes on record
 */
export function claimSlot(due: DueAutomation, now: Date): Promise<RunId | null> {
  return withTenant(due, async (tx) => {
    const automation = await takeSlot(tx, due, now);
    if (!automation || !(await mayStart(tx, automation))) return null;
    const id = newId<RunId>();
    const context: ActingContext = {
      tenantId: due.tenantId,
      requestId: `schedule-${id}`,
      actor: { type: 'automation', id: automation.id, name: automation.name },
    };
    const usedUp = await runsUsedUp(tx, due.tenantId, now);
    if (usedUp) {
      await recordSkip(tx, context, automation, usedUp);
      return null;
    }
    await insertRun(tx, context, { id, automation, trigger: 'schedule', dryRun: false });
    return id;
  });
}

/**
 * Start everything that is due. One automation that cannot be started does not hold up the others.
 * @returns how many runs were started
 */
export async function startDueRuns(now = new Date()): Promise<number> {
  let started = 0;
  for (let round = 0; round < batches; round += 1) {
    const due = await dueAutomations(batch);
    let failed = 0;
    for (const one of due) {
      try {
        if (await claimSlot(one, now)) started += 1;
      } catch (error) {
        failed += 1;
        logger.error(
          { err: error, tenant_id: one.tenantId, automation_id: one.automationId },
          'a scheduled automation could not be started',
        );
      }
    }
    if (due.length < batch || failed === due.length) break;
  }
  return started;
}
