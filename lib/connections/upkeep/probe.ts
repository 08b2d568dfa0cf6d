import { upkeep } from '@/db';
import { listAppFaults } from '@/lib/app-faults';
import { logger } from '@/lib/observability';
import { openClient } from '../client';
import { upkeepContext } from './context';

/**
 * Try whether a provider that refused our own client takes it again, so that its jobs go on even when
 * nobody asks for anything: opening a client makes the one call whose turn it is.
 */
export async function probeFaults(): Promise<void> {
  for (const { provider } of await listAppFaults()) {
    const due = await upkeep.connectionToProbe(provider);
    if (!due) continue;
    try {
      await openClient(upkeepContext(due.tenantId), due.connectionId, {});
    } catch (error) {
      logger.info({ err: error, provider }, 'the provider still refuses our own client');
    }
  }
}
