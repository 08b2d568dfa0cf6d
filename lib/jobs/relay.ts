import { setTimeout as delay } from 'node:timers/promises';
import { engine } from '@/db';
import { logger } from '@/lib/observability';
import { inngest } from './client';
import { Signal } from './signal';

/** Jobs sent in one transaction. */
const BATCH = 100;

/** The tenant's id is there for fairness and limits; a function believes the job's row instead. */
async function send(jobs: readonly engine.JobRow[]): Promise<void> {
  await inngest.send(
    jobs.map(({ id, tenantId, kind }) => ({ id, name: kind, data: { jobId: id, tenantId } })),
  );
}

/** Carries jobs from the tenants' outbox to the background functions, wherever those run. */
export class Relay {
  readonly #store = engine.engineStore();
  readonly #signal = new Signal();
  readonly #pollMs: number;
  #listener: engine.Listener | undefined;
  #stopping = false;
  #loop: Promise<void> | undefined;

  /** @param pollMs longest time without looking; notifications come sooner */
  constructor(pollMs = 1_000) {
    this.#pollMs = pollMs;
  }

  start(): void {
    this.#loop = this.#work();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#signal.raise();
    await this.#loop;
    this.#listener?.close();
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      try {
        this.#listener ??= await engine.openListener(this.#store, {
          onWake: (channel) => {
            if (channel === engine.outboxChannel) this.#signal.raise();
          },
          onLost: () => {
            this.#listener = undefined;
          },
        });
        await this.#carry();
        await this.#signal.wait(this.#pollMs);
      } catch (error) {
        logger.error({ err: error }, 'Jobs could not be sent on; they are tried again');
        await delay(this.#pollMs);
      }
    }
  }

  async #carry(): Promise<void> {
    let sent = BATCH;
    while (sent === BATCH && !this.#stopping) {
      sent = await engine.dispatchJobs(this.#store, BATCH, send);
    }
  }
}
