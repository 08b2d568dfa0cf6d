import { engine } from '@/db';
import { logger } from '@/lib/observability';

export interface PresenceOptions {
  readonly leaseMs: number;
  /** A notification of the database came. */
  onWake(channel: string): void;
  /** Others may take what is held under the number from now on. */
  onLost(): void;
}

/**
 * This process as a worker: a number under which runs are held, and the session with the database
 * that says that it lives. Where the session ends, the number is gone on with under the next one,
 * unless others have taken it for dead by then.
 */
export class Presence {
  readonly #store: engine.EngineStore;
  readonly #options: PresenceOptions;
  #session: engine.WorkerSession | undefined;
  #number: number | undefined;
  #leaseEnd: NodeJS.Timeout | undefined;

  constructor(store: engine.EngineStore, options: PresenceOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** The number, while the session stands. */
  get worker(): number | undefined {
    return this.#session?.id;
  }

  /** Come to life, or come back. */
  async open(): Promise<void> {
    const { leaseMs, onWake } = this.#options;
    const asked = performance.now();
    const worker = { leaseMs, former: this.#number };
    this.#session = await engine.openWorkerSession(this.#store, worker, {
      onWake,
      onLost: (error) => {
        logger.warn({ err: error }, 'The engine lost its session with the database');
        this.#lose();
      },
    });
    this.#number = this.#session.id;
    this.#countLease(asked);
  }

  /** @returns false when others have taken it for dead: it is nobody then, until it is opened again */
  async renew(worker: number): Promise<boolean> {
    const asked = performance.now();
    const stands = await engine.renewLease(this.#store, worker, this.#options.leaseMs);
    if (!stands) {
      logger.warn('This worker was taken for dead; it starts over under a new number');
      this.#number = undefined;
      this.#lose();
    } else if (this.worker === worker) {
      this.#countLease(asked);
    }
    return stands;
  }

  /** Leave for good, and give back what is held. */
  async retire(): Promise<void> {
    clearTimeout(this.#leaseEnd);
    if (this.#number === undefined) return;
    try {
      await engine.retireWorker(this.#store, this.#number);
    } catch (error) {
      logger.warn({ err: error }, 'The engine left without giving back its runs; others take them');
    }
    this.#session?.close();
  }

  #lose(): void {
    clearTimeout(this.#leaseEnd);
    this.#session?.close();
    this.#session = undefined;
    this.#options.onLost();
  }

  /**
   * A database that hangs says nothing: after the lease it is as if the session had ended.
   * @param asked when the renewal was sent; the database counts from later on
   */
  #countLease(asked: number): void {
    clearTimeout(this.#leaseEnd);
    const over = () => {
      logger.warn('The engine could not renew its lease in time');
      this.#lose();
    };
    const left = asked + this.#options.leaseMs - performance.now();
    this.#leaseEnd = setTimeout(over, left).unref();
  }
}
