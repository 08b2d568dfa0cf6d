import { logger, onStop, perProcess } from '@/lib/observability';
import { bounded, type Denial } from './denial';
import { DenialQueue, type QueueState } from './queue';

interface Recording {
  readonly queue: DenialQueue;
  readonly listeners: Set<() => void>;
}

/** One per process, however often it is bundled. */
const recording = (): Recording =>
  perProcess('denials', () => {
    const listeners = new Set<() => void>();
    const onRecorded = () => {
      for (const listener of listeners) listener();
    };
    const queue = new DenialQueue({ onRecorded });
    onStop(() => queue.flush());
    return { queue, listeners };
  });

/**
 * Put a refused access on record. Repetitions within a minute are counted on one row; a tenant's
 * rows per minute are bounded. Never fails: while the record is out of reach the denial waits in
 * memory, so an answer is held for two seconds at most.
 */
export async function putOnRecord(denial: Denial): Promise<void> {
  try {
    await recording().queue.put(bounded(denial));
  } catch (error) {
    const { reason, requestId } = denial;
    logger.error({ err: error, reason, request_id: requestId }, 'A denial could not be recorded');
  }
}

/** Be told whenever denials have been put on record by this process. */
export function onDenialRecorded(listener: () => void): void {
  recording().listeners.add(listener);
}

/** How many denials wait in this process's memory, and how many it has lost. */
export function denialQueue(): QueueState {
  return recording().queue.state;
}
