import { setTimeout as delay } from 'node:timers/promises';
import type { InngestFunction } from 'inngest';
import { engine } from '@/db';
import { logger } from '@/lib/observability';
import { inngest } from './client';
import { Committer } from './committer';
import { backoffMs } from './duration';
import { LostRunError } from './errors';
import { type Progress, RunExecution } from './execution';
import { runsFunction, unheldFunctions } from './hold-plan';
import { type FunctionPlan, readPlan } from './plan';
import { openWire, type Wire } from './protocol';
import { planRouting } from './routing';
import { fireSchedules, storeSchedules } from './schedule';
import { Signal } from './signal';

export interface EngineOptions {
  readonly functions: readonly InngestFunction.Any[];
  /** Steps executed side by side in this process. */
  readonly concurrency?: number;
  /** Longest time without looking, in milliseconds; notifications come sooner. */
  readonly pollMs?: number;
  /** How long a worker that hangs keeps its runs; one that dies loses them at once. */
  readonly leaseMs?: number;
  /** A step that takes longer has failed; 2 hours, as on Inngest, unless said otherwise. */
  readonly stepLimitMs?: number;
  /** How long ended runs, their memos and events are kept. */
  readonly retentionMs?: number;
  /** Milliseconds before the attempt after `failures` failed ones. */
  readonly backoff?: (failures: number) => number;
}

const defaults = {
  concurrency: 32,
  pollMs: 1_000,
  leaseMs: 15_000,
  stepLimitMs: 2 * 3_600_000,
  retentionMs: 7 * 86_400_000,
  backoff: (failures: number) => backoffMs(failures),
} satisfies Partial<EngineOptions>;

/** A run that has been held this long gives way when all slots are taken. */
const TURN_MS = 1_000;
/** Events turned into runs in one transaction. */
const ROUTE_BATCH = 500;
const PURGE_EVERY_MS = 600_000;

/** Runs functions in this process from the queue in the database, beside any number of others. */
export class Engine {
  readonly #options: Required<EngineOptions>;
  readonly #store = engine.engineStore();
  readonly #committer = new Committer(this.#store);
  readonly #signal = new Signal();
  readonly #running = new Map<string, { readonly slots: number; readonly done: Promise<void> }>();
  #plans: readonly FunctionPlan[] = [];
  #wire: Wire | undefined;
  #unheld: ReadonlySet<string> = new Set();
  #session: engine.WorkerSession | undefined;
  #stopping = false;
  /** Whether there may be events that are not yet runs. */
  #unrouted = true;
  #loop: Promise<void> | undefined;
  /** Where the last claim left off, when there were too many lanes for one. */
  #since: string | undefined;
  #next = { upkeep: 0, renewal: 0, purge: 0 };

  constructor(options: EngineOptions) {
    this.#options = { ...defaults, ...options };
  }

  /**
   * Read the functions and begin.
   * @throws UnsupportedFunctionError when one asks for what the engine does not do
   */
  async start(): Promise<void> {
    this.#wire = openWire(inngest, this.#options.functions, this.#options.stepLimitMs);
    this.#plans = (await this.#wire.configurations()).map(readPlan);
    this.#unheld = unheldFunctions(this.#plans);
    await storeSchedules(this.#store, this.#plans);
    await this.#open();
    this.#loop = this.#work();
  }

  /**
   * Take nothing new, wait for what is under way, and give back the rest.
   * @param limitMs longest wait for steps under way
   */
  async stop(limitMs = 10_000): Promise<void> {
    this.#stopping = true;
    this.#signal.raise();
    await this.#loop;
    const abort = new AbortController();
    const running = Promise.all([...this.#running.values()].map(({ done }) => done));
    await Promise.race([running, delay(limitMs, undefined, { signal: abort.signal })]);
    abort.abort();
    await this.#retire();
  }

  async #retire(): Promise<void> {
    if (!this.#session) return;
    try {
      await engine.retireWorker(this.#store, this.#session.id);
    } catch (error) {
      logger.warn({ err: error }, 'The engine left without giving back its runs; others take them');
    }
    this.#session.close();
  }

  /** Whether it is at work: its session with the database stands. */
  get alive(): boolean {
    return this.#session !== undefined && !this.#stopping;
  }

  async #open(): Promise<void> {
    this.#session = await engine.openWorkerSession(this.#store, this.#options.leaseMs, {
      onWake: (channel) => {
        if (channel === engine.outboxChannel) return;
        this.#unrouted ||= channel === engine.eventsChannel;
        this.#signal.raise();
      },
      onLost: (error) => {
        logger.warn({ err: error }, 'The engine lost its session with the database');
        this.#session = undefined;
        this.#signal.raise();
      },
    });
    this.#next = { ...this.#next, upkeep: 0, renewal: 0 };
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      try {
        if (!this.#session) await this.#open();
        await this.#keepUp();
        await this.#takeTurns();
        await this.#signal.wait(this.#options.pollMs);
      } catch (error) {
        logger.error({ err: error }, 'The engine could not reach its queue; it tries again');
        await delay(this.#options.pollMs);
      }
    }
  }

  /** What is to be done from time to time. */
  async #keepUp(): Promise<void> {
    const now = Date.now();
    const { leaseMs, pollMs, retentionMs } = this.#options;
    if (now >= this.#next.renewal) {
      this.#next.renewal = now + leaseMs / 3;
      await this.#renew();
    }
    if (now >= this.#next.upkeep) {
      this.#next.upkeep = now + pollMs;
      this.#unrouted = true;
      const lost = await engine.reclaimLostRuns(this.#store);
      if (lost > 0) logger.warn({ runs: lost }, 'Runs of a worker that died are back in the queue');
      await fireSchedules(this.#store, this.#plans);
    }
    if (now >= this.#next.purge) {
      this.#next.purge = now + PURGE_EVERY_MS;
      engine
        .purgeHistory(this.#store, retentionMs)
        .catch((error) => logger.error({ err: error }, 'History could not be purged'));
    }
  }

  async #renew(): Promise<void> {
    if (!this.#session) return;
    const { id } = this.#session;
    if (await engine.renewLease(this.#store, id, this.#options.leaseMs)) {
      // What a failed commit left behind; between two claims every held run is in the map.
      await engine.releaseOrphans(this.#store, id, [...this.#running.keys()]);
      return;
    }
    logger.warn('This worker was taken for dead; it starts over under a new number');
    this.#session.close();
    this.#session = undefined;
    await this.#open();
  }

  #free(): number {
    let used = 0;
    for (const { slots } of this.#running.values()) used += slots;
    return this.#options.concurrency - used;
  }

  /** Turn events into runs and begin what is due, until neither is left or no slot is free. */
  async #takeTurns(): Promise<void> {
    do {
      const routing = this.#unrouted ? this.#routing : undefined;
      const claim = this.#claimRequest();
      if (!routing && !claim) return;
      // Before the turn: what comes during it is for the next one.
      this.#unrouted = false;
      const { events, runs, next } = await engine.takeTurn(this.#store, { routing, claim });
      for (const run of runs) this.#begin(run, claim?.worker ?? 0);
      this.#unrouted ||= events === ROUTE_BATCH;
      this.#since = next;
      // Lanes that were left out may have what fits.
    } while (!this.#stopping && (this.#unrouted || this.#since !== undefined));
  }

  get #routing(): engine.Routing {
    return { limit: ROUTE_BATCH, plan: (events) => planRouting(this.#plans, events) };
  }

  #claimRequest(): engine.ClaimRequest | undefined {
    const free = this.#free();
    if (!this.#session || free <= 0) return undefined;
    const limits = this.#plans.map(({ id, concurrency }) => ({
      functionId: id,
      perLane: concurrency.perKey?.limit ?? null,
      total: concurrency.total,
      runs: id === runsFunction,
      unheld: this.#unheld.has(id),
    }));
    return { worker: this.#session.id, limits, free, since: this.#since };
  }

  #begin(run: engine.ClaimedRun, worker: number): void {
    const entry = { slots: run.slots, done: this.#execute(run, worker) };
    this.#running.set(run.id, entry);
    void entry.done.finally(() => {
      // Released, it may be here again already.
      if (this.#running.get(run.id) === entry) this.#running.delete(run.id);
      this.#signal.raise();
    });
  }

  async #execute(run: engine.ClaimedRun, worker: number): Promise<void> {
    const plan = this.#plans.find(({ id }) => id === run.functionId);
    if (!plan || !this.#wire) throw new Error(`run ${run.id} is of an unknown function`);
    const commit = async (progress: Progress) => {
      await this.#committer.commit({ runId: run.id, worker, fence: run.fence, ...progress });
      const { change } = progress;
      if (change?.type === 'release' && change.wakeAt) this.#wakeAt(change.wakeAt);
    };
    const execution = new RunExecution(run, plan, {
      wire: this.#wire,
      commit,
      backoff: this.#options.backoff,
      shouldYield: (since) => this.#stopping || (this.#free() <= 0 && Date.now() - since > TURN_MS),
    });
    try {
      await execution.execute();
    } catch (error) {
      if (error instanceof LostRunError) return;
      // The run stays held until the next renewal gives it back; then it goes on from its memos.
      logger.error({ err: error, engine_run_id: run.id }, 'A run could not be carried on');
    }
  }

  /** Look again when this run is due; a time beyond the next polls is found by them. */
  #wakeAt(at: Date): void {
    const wait = at.getTime() - Date.now();
    if (wait < 60_000) setTimeout(() => this.#signal.raise(), Math.max(0, wait)).unref();
  }
}
