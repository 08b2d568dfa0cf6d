import type { engine } from '@/db';
import type { Memo } from './operation';

/** A step that a run has planned, or sleeps on. */
export interface OpenStep {
  readonly id: string;
  readonly kind: 'planned' | 'sleep';
  /** Milliseconds since the epoch. */
  dueAt: number;
  /** Failed attempts so far. */
  attempt: number;
}

/**
 * What a run knows of its steps, in its holder's memory: what is done in order of completion, and
 * what is open. Every change gives the row to keep.
 */
export class RunMemory {
  readonly #memos = new Map<string, Memo>();
  readonly #open = new Map<string, OpenStep>();
  #position: number;

  constructor(steps: readonly engine.StoredStep[]) {
    for (const { id, kind, value, attempt, dueAt } of steps) {
      if (kind === 'data' || kind === 'error') this.#memos.set(id, { kind, json: value ?? 'null' });
      else this.#open.set(id, { id, kind, attempt, dueAt: dueAt?.getTime() ?? 0 });
    }
    this.#position = steps.length;
  }

  get memos(): ReadonlyMap<string, Memo> {
    return this.#memos;
  }

  knows(id: string): boolean {
    return this.#memos.has(id) || this.#open.has(id);
  }

  remember(id: string, memo: Memo): engine.StepRow {
    this.#open.delete(id);
    this.#memos.set(id, memo);
    return this.#row(id, memo.kind, memo.json, 0, null);
  }

  open(step: OpenStep): engine.StepRow {
    this.#open.set(step.id, step);
    return this.#row(step.id, step.kind, null, step.attempt, new Date(step.dueAt));
  }

  /** Sleeps that are over become memos. */
  wake(now: number): engine.StepRow[] {
    return this.#of('sleep')
      .filter(({ dueAt }) => dueAt <= now)
      .sort((a, b) => a.dueAt - b.dueAt)
      .map(({ id }) => this.remember(id, { kind: 'data', json: 'null' }));
  }

  planned(): readonly OpenStep[] {
    return this.#of('planned');
  }

  get anyOpen(): boolean {
    return this.#open.size > 0;
  }

  /** When the next open step is due. */
  nextDue(): number {
    return Math.min(...[...this.#open.values()].map(({ dueAt }) => dueAt));
  }

  #of(kind: OpenStep['kind']): OpenStep[] {
    return [...this.#open.values()].filter((step) => step.kind === kind);
  }

  #row(
    id: string,
    kind: engine.StepRow['kind'],
    value: string | null,
    attempt: number,
    dueAt: Date | null,
  ): engine.StepRow {
    this.#position += 1;
    return { id, kind, position: this.#position, value, attempt, dueAt };
  }
}
