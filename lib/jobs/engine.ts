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
import { Presence } from './presence';
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
  /** How long a worker that hangs keeps its runs. */
  readonly leaseMs?: number;
  /** How long one keeps them whose session with the database has ended: it may yet come back. */
  readonly graceMs?: number;
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
  // Twice the longest pause between two attempts at coming back.
  graceMs: 2_000,
  stepLimitMs: 2 * 3_600_000,
  retentionMs: 7 * 86_400_000,
  backoff: (failures: number) => backoffMs(failures),
} satisfies Partial<EngineOptions>;

/** A run that has been held this long gives way when all slots are taken. */
const TURN_MS = 1_000;
/** Events turned into runs in one transaction. */
const ROUTE_BATCH = 500;
const PURGE_EVERY_MS = 600_000;

/** A run that was claimed, until all that was begun for it has ended. */
interface Attempt {
  readonly slots: number;
  readonly done: Promise<void>;
  /** Gives it up: others may take the run. */
  readonly loss: AbortController;
}

/** Runs functions in this process from the queue in the database, beside any number of others. */
export class Engine {
  readonly #options: Required<EngineOptions>;
  readonly #store = engine.engineStore();
  readonly #committer = new Committer(this.#store);
  readonly #signal = new Signal();
  readonly #running = new Map<string, Attempt>();
  readonly #presence: Presence;
  #plans: readonly FunctionPlan[] = [];
  #wire: Wire | undefined;
  #unheld: ReadonlySet<string> = new Set();
  #stopping = false;
  /** Whether there may be events that are not yet runs. */
  #unrouted = true;
  #loop: Promise<void> | undefined;
  /** Where the last claim left off, when there were too many lanes for one. */
  #since: string | undefined;
  #next = { upkeep: 0, renewal: 0, purge: 0 };

  constructor(options: EngineOptions) {
    this.#options = { ...defaults, ...options };
    this.#presence = new Presence(this.#store, {
      leaseMs: this.#options.leaseMs,
      onWake: (channel) => {
        if (channel === engine.outboxChannel) return;
        this.#unrouted ||= channel === engine.eventsChannel;
        this.#signal.raise();
      },
      onLost: () => {
        this.#giveUp('the session with the database ended');
        this.#signal.raise();
      },
    });
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
    this.#giveUp('the engine has stopped');
    await this.#presence.retire();
  }

  /** Whether it is at work: its session with the database stands. */
  get alive(): boolean {
    return this.#presence.worker !== undefined && !this.#stopping;
  }

  async #open(): Promise<void> {
    await this.#presence.open();
    this.#next = { ...this.#next, upkeep: 0, renewal: 0 };
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      try {
        if (this.#presence.worker === undefined) await this.#open();
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
    const { leaseMs, graceMs, pollMs, retentionMs } = this.#options;
    if (now >= this.#next.renewal) {
      this.#next.renewal = now + leaseMs / 3;
      await this.#renew();
    }
    if (now >= this.#next.upkeep) {
      this.#next.upkeep = now + pollMs;
      this.#unrouted = true;
      const lost = await engine.reclaimLostRuns(this.#store, graceMs);
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
    const { worker } = this.#presence;
    if (worker === undefined) return;
    if (!(await this.#presence.renew(worker))) return this.#open();
    // What a failed commit or a lost session left behind; between two claims every run that is held
    // is in the map, and so is what was given up and has not ended yet.
    await engine.releaseOrphans(this.#store, worker, [...this.#running.keys()]);
  }

  #free(): number {
    let used = 0;
    for (const { slots } of this.#running.values()) used += slots;
    return this.#options.concurrency - used;
  }

  /**
   * Turn events into runs and begin what is due, until neither is left, no slot is free, or the lease
   * is to be renewed: then the rest comes after that.
   */
  async #takeTurns(): Promise<void> {
    const more = () => !this.#stopping && (this.#unrouted || this.#since !== undefined);
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
    } while (more() && Date.now() < this.#next.renewal);
    if (more()) this.#signal.raise();
  }

  get #routing(): engine.Routing {
    return { limit: ROUTE_BATCH, plan: (events) => planRouting(this.#plans, events) };
  }

  #claimRequest(): engine.ClaimRequest | undefined {
    const free = this.#free();
    const { worker } = this.#presence;
    if (worker === undefined || free <= 0) return undefined;
    const limits = this.#plans.map(({ id, concurrency }) => ({
      functionId: id,
      perLane: concurrency.perKey?.limit ?? null,
      total: concurrency.total,
      runs: id === runsFunction,
      unheld: this.#unheld.has(id),
    }));
    return { worker, limits, free, since: this.#since };
  }

  #begin(run: engine.ClaimedRun, worker: number): void {
    const loss = new AbortController();
    // Whatever is here of it has released it, and is about to end, or holds it no longer.
    const before = this.#running.get(run.id);
    before?.loss.abort(new LostRunError(`run ${run.id} was taken back`));
    const done = (before?.done ?? Promise.resolve()).then(() =>
      this.#execute(run, worker, loss.signal),
    );
    const entry = { slots: run.slots, done, loss };
    this.#running.set(run.id, entry);
    // The session that claimed it may have ended since.
    if (worker !== this.#presence.worker) this.#giveUp('the session with the database ended');
    void done.finally(() => {
      if (this.#running.get(run.id) === entry) this.#running.delete(run.id);
      // Nobody need wait for it any longer.
      if (loss.signal.aborted) this.#next.renewal = 0;
      this.#signal.raise();
    });
  }

  /** End all attempts; their runs go back once nothing of them is under way any more. */
  #giveUp(reason: string): void {
    for (const { loss } of this.#running.values()) loss.abort(new LostRunError(reason));
  }

  async #execute(run: engine.ClaimedRun, worker: number, lost: AbortSignal): Promise<void> {
    const plan = this.#plans.find(({ id }) => id === run.functionId);
    if (!plan || !this.#wire) throw new Error(`run ${run.id} is of an unknown function`);
    const commit = async (progress: Progress) => {
      await this.#committer.commit({ runId: run.id, worker, fence: run.fence, ...progress });
      const { change } = progress;
      if (change?.type === 'release' && change.wakeAt) this.#wakeAt(change.wakeAt);
    };
    const execution = new RunExecution(run, plan, {
      wire: this.#wire,
      lost,
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
