import { randomUUID } from 'node:crypto';
import type { engine } from '@/db';
import { beginJob, endJob } from './current';
import { retryAfterMs, sleepEnd } from './duration';
import { LostRunError } from './errors';
import { whileHeld } from './loss';
import { type OpenStep, RunMemory } from './memory';
import { jsonOf, type Operation } from './operation';
import type { FunctionPlan } from './plan';
import type { Answer, Wire } from './protocol';
import { onCheckpoint } from './transport';

/** What an execution needs of the engine around it. */
export interface ExecutionHost {
  readonly wire: Wire;
  /** Aborted with a LostRunError when the run may be no longer held: what comes of it is void. */
  readonly lost: AbortSignal;
  /** @throws LostRunError when the run is no longer held */
  commit(progress: Progress): Promise<void>;
  /** Whether others wait for the slots, or the engine is stopping: give back what can be given. */
  shouldYield(heldSince: number): boolean;
  /** Milliseconds before the attempt after `failures` failed ones. */
  backoff(failures: number): number;
}

export type Progress = Pick<engine.Commit, 'steps' | 'change' | 'event'>;

/** A run whose holder dies this often is taken to be the cause, and fails. */
const MOST_LOSSES = 5;

/** Take one claimed run as far as it goes: to its end, its next sleep, or its next attempt. */
export class RunExecution {
  readonly #run: engine.ClaimedRun;
  readonly #plan: FunctionPlan;
  readonly #host: ExecutionHost;
  readonly #memory: RunMemory;
  readonly #heldSince = Date.now();
  /** Rows that go with the next commit, the latest of each step. */
  #unsaved = new Map<string, engine.StepRow>();
  #attempt: number;
  /** Memos that the last discovery knew; the next one needs more. */
  #discovered = -1;
  #over = false;

  constructor(run: engine.ClaimedRun, plan: FunctionPlan, host: ExecutionHost) {
    this.#run = run;
    this.#plan = plan;
    this.#host = host;
    this.#attempt = run.attempt;
    this.#memory = new RunMemory(run.steps);
  }

  async execute(): Promise<void> {
    if (this.#run.losses >= MOST_LOSSES) {
      await this.#fail({ name: 'WorkerLostError', message: 'Every worker that ran it died.' });
    }
    while (!this.#over) {
      const now = this.#now();
      this.#keep(...this.#memory.wake(now));
      const planned = this.#memory.planned();
      const due = planned.filter(({ dueAt }) => dueAt <= now);
      if (this.#host.shouldYield(this.#heldSince)) await this.#release(null, due.length);
      else if (due.length > this.#run.slots && due.length > this.#run.width)
        await this.#release(null, due.length);
      else if (due.length > 0) await this.#executeAll(due);
      else if (planned.length > 0 || this.#onlySleeps()) await this.#releaseUntilDue();
      else await this.#discover();
    }
  }

  /** The database's clock says when a run is due; ours may be behind it. */
  #now(): number {
    return Math.max(Date.now(), this.#run.wakeAt.getTime());
  }

  #onlySleeps(): boolean {
    return this.#memory.anyOpen && this.#memory.memos.size === this.#discovered;
  }

  /** Go on where the memos end. */
  async #discover(): Promise<void> {
    const queuedAt = this.#discovered < 0 ? this.#run.wakeAt : new Date();
    const answer = await this.#call(undefined, this.#attempt, queuedAt, this.#memory.anyOpen);
    if (this.#over) return;
    // Checkpoints have added what the function did on its way, so it knows all there is by now.
    const known = this.#memory.memos.size;
    this.#discovered = known;
    if (answer.type === 'done') return this.#end('completed', answer.output);
    if (answer.type === 'failed') return this.#retryOrFail(answer);
    for (const operation of answer.operations) {
      await this.#take(operation, answer.retryAfter);
      if (this.#over) return;
    }
    // Plans alone need no commit of their own: lost, they would be found again.
    if (this.#memory.memos.size > known) return this.#save();
    if (this.#memory.anyOpen) return;
    await this.#fail({ name: 'ProtocolError', message: 'The function named no next step.' });
  }

  /** Take in one operation of a discovery. */
  async #take(operation: Operation, retryAfter: string | undefined): Promise<void> {
    const { id, op } = operation;
    if (op === 'StepRun' || op === 'StepFailed') return this.#remember(operation);
    if (op === 'StepError') {
      const error = jsonOf(operation.error);
      return this.#retryOrFail({ type: 'failed', error, final: false, retryAfter });
    }
    if (op === 'RunComplete') return this.#end('completed', jsonOf(operation.data));
    if (op !== 'StepPlanned' && op !== 'Sleep') return this.#refuse(operation);
    if (this.#memory.knows(id)) return;
    const now = this.#now();
    const dueAt = op === 'Sleep' ? sleepEnd(operation.name ?? '', now) : now;
    if (dueAt === undefined) return this.#refuse(operation);
    const kind = op === 'Sleep' ? 'sleep' : 'planned';
    this.#keep(this.#memory.open({ id, kind, dueAt, attempt: 0 }));
  }

  #remember({ id, op, data, error }: Operation): void {
    const memo =
      op === 'StepRun'
        ? ({ kind: 'data', json: jsonOf(data) } as const)
        : ({ kind: 'error', json: jsonOf(error) } as const);
    this.#attempt = 0;
    this.#keep(this.#memory.remember(id, memo));
  }

  /** Execute planned steps, as many side by side as there are slots. */
  async #executeAll(due: readonly OpenStep[]): Promise<void> {
    const queue = [...due];
    const lane = async () => {
      for (let step = queue.shift(); step && !this.#over; step = queue.shift()) {
        if (this.#host.shouldYield(this.#heldSince)) return;
        await this.#executeOne(step);
      }
    };
    const lanes = Array.from({ length: Math.min(this.#run.slots, due.length) }, lane);
    const failed = (await Promise.allSettled(lanes)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  async #executeOne(step: OpenStep): Promise<void> {
    const answer = await this.#call(step.id, step.attempt, new Date(step.dueAt), true);
    if (this.#over) return;
    if (answer.type === 'done') return this.#end('completed', answer.output);
    if (answer.type === 'failed') return this.#retryStep(step, answer);
    const own = answer.operations.find(({ id }) => id === step.id);
    if (own?.op === 'StepRun' || own?.op === 'StepFailed') {
      this.#remember(own);
      return this.#save();
    }
    if (own && own.op !== 'StepError') return this.#refuse(own);
    const error = jsonOf(own?.error ?? { name: 'ProtocolError', message: 'The step is gone.' });
    const { retryAfter } = answer;
    return this.#retryStep(step, { type: 'failed', error, final: false, retryAfter });
  }

  async #retryStep(step: OpenStep, failure: Answer & { type: 'failed' }): Promise<void> {
    const attempt = step.attempt + 1;
    if (failure.final || attempt >= this.#plan.maxAttempts) return this.#fail(failure.error);
    const dueAt = Date.now() + this.#delay(attempt, failure.retryAfter);
    this.#keep(this.#memory.open({ ...step, attempt, dueAt }));
    await this.#save();
  }

  async #retryOrFail(failure: Answer & { type: 'failed' }): Promise<void> {
    const attempt = this.#attempt + 1;
    if (failure.final || attempt >= this.#plan.maxAttempts) return this.#fail(failure.error);
    this.#attempt = attempt;
    await this.#release(Date.now() + this.#delay(attempt, failure.retryAfter), 1);
  }

  #delay(failures: number, retryAfter: string | undefined): number {
    const asked = retryAfter === undefined ? undefined : retryAfterMs(retryAfter, Date.now());
    return asked ?? this.#host.backoff(failures);
  }

  async #call(
    stepId: string | undefined,
    attempt: number,
    queuedAt: Date,
    parallel: boolean,
  ): Promise<Answer> {
    const { id: runId, functionId, event } = this.#run;
    const { wire, lost } = this.#host;
    lost.throwIfAborted();
    const callId = randomUUID();
    beginJob(callId, queuedAt);
    const stop = onCheckpoint(callId, (steps) => this.#checkpoint(callId, steps));
    try {
      const call = {
        callId,
        functionId,
        runId,
        stepId,
        event,
        memos: this.#memory.memos,
        attempt,
        maxAttempts: this.#plan.maxAttempts,
        parallel,
      };
      const answer = await whileHeld(lost, () => wire.call(call));
      // That it was broken off is no failure of the step.
      lost.throwIfAborted();
      return answer;
    } finally {
      stop();
      endJob(callId);
    }
  }

  /** Steps that the function did on its way; it goes on when they are kept. */
  async #checkpoint(callId: string, steps: readonly Operation[]): Promise<void> {
    for (const operation of steps) {
      if (this.#over) throw new LostRunError('the run is over');
      if (operation.op === 'StepRun') this.#remember(operation);
      else await this.#refuse(operation);
    }
    await this.#save();
    beginJob(callId, new Date());
  }

  #keep(...rows: readonly engine.StepRow[]): void {
    for (const row of rows) this.#unsaved.set(row.id, row);
  }

  async #save(): Promise<void> {
    await this.#commit(undefined, undefined);
  }

  async #releaseUntilDue(): Promise<void> {
    await this.#release(this.#memory.nextDue(), this.#memory.planned().length);
  }

  /** Let go of the run until `wakeAt`; null: it is due as it was. */
  async #release(wakeAt: number | null, width: number): Promise<void> {
    this.#over = true;
    await this.#commit(
      {
        type: 'release',
        wakeAt: wakeAt === null ? null : new Date(wakeAt),
        attempt: this.#attempt,
        width: Math.max(1, width),
      },
      undefined,
    );
  }

  async #refuse({ op, displayName, id }: Operation): Promise<void> {
    await this.#fail({
      name: 'UnsupportedStepError',
      message: `The embedded engine does not do "${op}" (step "${displayName ?? id}").`,
    });
  }

  /** The end without success; `inngest/function.failed` goes out with it. */
  async #fail(error: string | { readonly name: string; readonly message: string }): Promise<void> {
    const { id: runId, functionId, event } = this.#run;
    const json = typeof error === 'string' ? error : jsonOf({ ...error, stack: '' });
    const id = randomUUID();
    const name = 'inngest/function.failed';
    const data = `{"function_id":${jsonOf(functionId)},"run_id":${jsonOf(runId)},"error":${json},"event":${event}}`;
    const payload = `{"id":"${id}","name":"${name}","ts":${Date.now()},"data":${data}}`;
    await this.#end('failed', json, { id, name, payload });
  }

  async #end(
    state: 'completed' | 'failed',
    output: string,
    event?: engine.NewEngineEvent,
  ): Promise<void> {
    this.#over = true;
    await this.#commit({ type: 'end', state, output }, event);
  }

  async #commit(
    change: engine.RunChange | undefined,
    event: engine.NewEngineEvent | undefined,
  ): Promise<void> {
    const steps = this.#unsaved;
    this.#unsaved = new Map();
    if (steps.size === 0 && !change) return;
    this.#host.lost.throwIfAborted();
    try {
      await this.#host.commit({ steps: [...steps.values()], change, event });
    } catch (error) {
      this.#unsaved = new Map([...steps, ...this.#unsaved]);
      throw error;
    }
  }
}
