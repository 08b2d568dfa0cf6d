import { type ConnectionId, upkeep, withTenant } from '@/db';
import { listAppFaults } from '@/lib/app-faults';
import { PublicError } from '@/lib/errors';
import { RetryLater } from '@/lib/limits';
import type { ActingContext } from '@/lib/tenancy';
import { worksAgain } from '../client';
import { ConnectionUnusable } from '../errors';
import { findConnection, lockConnection } from '../find';
import { openIncident } from '../incidents/record';
import { upkeepContext } from './context';

/** Seconds of answering badly after which people are told: most of a provider's bad moments are over. */
export const patienceSeconds = 600;
const batch = 500;
/** Milliseconds for asking providers, and connections asked about side by side. */
const askForMs = 20_000;
const sideBySide = 8;

const isOver = (since: Date | null) =>
  since === null || Date.now() - since.getTime() > patienceSeconds * 1_000;

/**
 * Whether a connection that nobody has called through for a while works again: nobody else would find
 * out. One that is in use is left to its calls, which know better what works.
 */
async function hasRecovered(
  context: ActingContext,
  connectionId: ConnectionId,
  deadline: number,
): Promise<boolean> {
  const { provider, lastUsedAt } = await withTenant(context, (tx) =>
    findConnection(tx, context, connectionId),
  );
  if (!isOver(lastUsedAt)) return false;
  if ((await listAppFaults()).some((fault) => fault.provider === provider)) return false;
  try {
    return await worksAgain(context, connectionId, deadline);
  } catch (error) {
    const unasked = [RetryLater, ConnectionUnusable, PublicError].some(
      (kind) => error instanceof kind,
    );
    if (unasked) return false;
    throw error;
  }
}

/** @returns whether it is a new incident */
function told(context: ActingContext, connectionId: ConnectionId): Promise<boolean> {
  return withTenant(context, async (tx) => {
    const { state, stateReason, stateChangedAt } = await lockConnection(tx, context, connectionId);
    if (state !== 'degraded') return false;
    const trouble = { connectionId, kind: state, reason: stateReason, since: stateChangedAt };
    return openIncident(tx, context, trouble);
  });
}

/**
 * Make an incident of what has been answering badly for too long, unless its provider says otherwise
 * when asked. Called again it changes nothing.
 * @returns how many incidents it opened
 */
export async function noticeUnsteady(): Promise<number> {
  const deadline = Date.now() + askForMs;
  const waiting = [...(await upkeep.unsteadyConnections(patienceSeconds, batch))];
  let opened = 0;
  const worker = async () => {
    for (let due = waiting.shift(); due; due = waiting.shift()) {
      const context = upkeepContext(due.tenantId);
      const inTime = Date.now() < deadline;
      if (inTime && (await hasRecovered(context, due.connectionId, deadline))) continue;
      if (await told(context, due.connectionId)) opened += 1;
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
  return opened;
}
