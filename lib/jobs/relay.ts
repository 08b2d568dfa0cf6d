import { setTimeout as delay } from 'node:timers/promises';
import { engine } from '@/db';
import { putOnRecord } from '@/lib/denials';
import { logger } from '@/lib/observability';
import { inngest } from './client';
import { Signal } from './signal';

/** Jobs sent in one transaction. */
const BATCH = 100;

/** Characters of an event's name at most: of the engine's, and so of Inngest's. */
const longestName = 255;

/** Whether a job's kind can be an event's name; those of Inngest itself are taken from nobody. */
const canBeSent = ({ kind }: engine.JobRow): boolean =>
  kind.length > 0 && kind.length <= longestName && !/^inngest\//i.test(kind);

/** None of ours is so: SQL that got into a statement has written it. Staff are told. */
function leaveOut({ id, tenantId, kind, requestId }: engine.JobRow): void {
  logger.warn({ job_id: id, tenant_id: tenantId }, 'A job that can be no event was left out');
  void putOnRecord({
    tenantId,
    actor: null,
    reason: 'forged_job',
    method: 'EVENT',
    path: kind,
    requestId,
    details: { jobId: id },
  });
}

/**
 * The tenant's id is there for fairness and limits; a function believes the job's row instead. What can
 * be no event is left out: with it all that is sent together would be refused, each time anew, and no
 * tenant's jobs would be carried any more.
 */
async function send(jobs: readonly engine.JobRow[]): Promise<void> {
  const events = jobs
    .filter(canBeSent)
    .map(({ id, tenantId, kind }) => ({ id, name: kind, data: { jobId: id, tenantId } }));
  if (events.length > 0) await inngest.send(events);
  for (const job of jobs) if (!canBeSent(job)) leaveOut(job);
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
