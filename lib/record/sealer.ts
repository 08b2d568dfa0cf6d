import { setTimeout as delay } from 'node:timers/promises';
import { logger, perProcess } from '@/lib/observability';
import { publishCheckpoints } from './publish';
import { sealRecord } from './seal';
import { signCheckpoints } from './sign';

/** Milliseconds between two looks for new events. */
const pollMs = 500;
/** Milliseconds between two looks for checkpoints to be signed and published. */
const signMs = 5_000;

/**
 * Seals the record in this process, beside any number of others: one at a time has the lock, and goes
 * on where the last one stopped.
 */
class Sealer {
  readonly #stop = new AbortController();
  #loops: Promise<void>[] = [];

  start(): void {
    const { signal } = this.#stop;
    this.#loops = [
      this.#repeat(pollMs, 'Events could not be sealed; they are tried again', () =>
        sealRecord(() => !signal.aborted),
      ),
      // Apart: a place that does not answer keeps no event waiting.
      this.#repeat(signMs, 'Checkpoints could not be signed; they are tried again', async () => {
        await signCheckpoints();
        await publishCheckpoints();
      }),
    ];
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }

  async #repeat(everyMs: number, failed: string, work: () => Promise<unknown>): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await work().catch((error: unknown) => logger.error({ err: error }, failed));
      await delay(everyMs, undefined, { signal }).catch(() => {});
    }
  }
}

const service = perProcess<{ sealer: Sealer | undefined }>('record', () => ({
  sealer: undefined,
}));

/** Begin to seal in this process. */
export function startSealing(): void {
  if (service.sealer) return;
  service.sealer = new Sealer();
  service.sealer.start();
}

/** Stop; what is under way comes to its end. */
export async function stopSealing(): Promise<void> {
  const { sealer } = service;
  service.sealer = undefined;
  await sealer?.stop();
}
