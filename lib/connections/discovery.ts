import { type DiscoveryId, withTenant } from '@/db';
import { recordAudit } from '@/lib/audit';
import { stopIfLost } from '@/lib/jobs';
import { type DiscoveryPhase, findWay } from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { providerClient } from './client';
import { nameOf } from './contract';
import { cursorsOf } from './discovery-cursors';
import {
  countPresent,
  type DiscoveryRef,
  lockDiscovery,
  markGone,
  storeBatch,
  updateDiscovery,
} from './discovery-store';
import { findConnection, requireUsable } from './find';
import { plainReason, toJobError } from './job-errors';

interface Begun extends DiscoveryRef {
  readonly phases: readonly DiscoveryPhase[];
}

const isOver = (state: string): boolean => state === 'succeeded' || state === 'failed';

/** Say that it has begun, and what it will go through. */
export function beginDiscovery(context: ActingContext, id: DiscoveryId): Promise<Begun> {
  return remembering(context, id, () =>
    withTenant(context, async (tx) => {
      const { connectionId, startedAt, state } = await lockDiscovery(tx, context, id);
      // Its event, sent once more: what is over stays so.
      if (isOver(state)) return { id, connectionId, phases: [] };
      const connection = await requireUsable(tx, context, connectionId);
      await updateDiscovery(tx, context, id, {
        state: 'running',
        startedAt: startedAt ?? new Date(),
      });
      const way = findWay(connection.provider, connection.authority);
      return { id, connectionId, phases: way?.phases ?? [] };
    }),
  );
}

/** Go through one phase, batch by batch. Safe to repeat. */
export function discoverPhase(
  context: ActingContext,
  discovery: DiscoveryRef,
  phase: DiscoveryPhase,
): Promise<void> {
  const { id, connectionId } = discovery;
  return remembering(context, id, async () => {
    await withTenant(context, (tx) => updateDiscovery(tx, context, id, { phase }));
    const client = await providerClient(context, connectionId, { discoveryId: id });
    const cursors = cursorsOf(context, discovery);
    for await (const batch of client.discover({ only: [phase], cursors })) {
      if (batch.length === 0) continue;
      await withTenant(context, (tx) => storeBatch(tx, context, discovery, phase, batch));
    }
  });
}

/**
 * All phases are through: what was not met is gone, and the counts are of what is there, whether or
 * not a listing that went on from a cursor has named it again.
 */
export async function finishDiscovery(
  context: ActingContext,
  discovery: DiscoveryRef,
): Promise<{ readonly added: number; readonly updated: number; readonly gone: number }> {
  const { id, connectionId } = discovery;
  return withTenant(context, async (tx) => {
    const { state, added, updated, gone: removed } = await lockDiscovery(tx, context, id);
    if (isOver(state)) return { added, updated, gone: removed };
    const gone = removed + (await markGone(tx, context, discovery));
    const counts = await countPresent(tx, discovery);
    await updateDiscovery(tx, context, id, {
      state: 'succeeded',
      phase: null,
      counts,
      gone,
      error: null,
      finishedAt: new Date(),
    });
    const connection = await findConnection(tx, context, connectionId);
    await recordAudit(tx, context, {
      action: 'discovery.finished',
      target: { type: 'connection', id: connectionId, name: nameOf(connection) },
      connectionId,
      details: { discovery: id, counts, added, updated, gone },
    });
    return { added, updated, gone };
  });
}

/** It is over without having come to its end; the last reason on record stays. */
export async function failDiscovery(context: ActingContext, id: DiscoveryId): Promise<void> {
  await withTenant(context, async (tx) => {
    const { state, error, connectionId } = await lockDiscovery(tx, context, id);
    if (isOver(state)) return;
    const reason = error ?? 'Something went wrong on our side.';
    await updateDiscovery(tx, context, id, {
      state: 'failed',
      error: reason,
      finishedAt: new Date(),
    });
    const connection = await findConnection(tx, context, connectionId);
    await recordAudit(tx, context, {
      action: 'discovery.finished',
      target: { type: 'connection', id: connectionId, name: nameOf(connection) },
      outcome: 'failure',
      connectionId,
      details: { discovery: id, reason },
    });
  });
}

/** Keep a failure's reason in plain words where people watch; throw it in the engine's terms. */
async function remembering<T>(
  context: ActingContext,
  id: DiscoveryId,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Another attempt has it now, and nothing of it has failed.
    stopIfLost();
    await withTenant(context, (tx) =>
      updateDiscovery(tx, context, id, { error: plainReason(error) }),
    );
    throw toJobError(error);
  }
}
