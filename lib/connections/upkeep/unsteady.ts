import { upkeep, withTenant } from '@/db';
import { lockConnection } from '../find';
import { openIncident } from '../incidents/record';
import { upkeepContext } from './context';

/** Seconds of answering badly after which people are told: most of a provider's bad moments are over. */
export const patienceSeconds = 600;
const batch = 500;

/**
 * Make an incident of what has been answering badly for too long. Called again it changes nothing.
 * @returns how many incidents it opened
 */
export async function noticeUnsteady(): Promise<number> {
  let opened = 0;
  for (const { tenantId, connectionId } of await upkeep.unsteadyConnections(
    patienceSeconds,
    batch,
  )) {
    const context = upkeepContext(tenantId);
    const made = await withTenant(context, async (tx) => {
      const { state, stateReason, stateChangedAt } = await lockConnection(
        tx,
        context,
        connectionId,
      );
      if (state !== 'degraded') return false;
      const trouble = { connectionId, kind: state, reason: stateReason, since: stateChangedAt };
      return openIncident(tx, context, trouble);
    });
    if (made) opened += 1;
  }
  return opened;
}
