import { hasSqlState, sqlStates } from '@/db';
import { logger } from '@/lib/observability';
import { type Denial, digestOf, overflowDigest } from './denial';
import { type Waiting, write } from './write';

export interface QueueOptions {
  /** Connections that recording takes at most, so that an attack leaves the rest to others. */
  readonly writers: number;
  /** Distinct denials kept in memory while the database cannot be reached. */
  readonly most: number;
  /** Milliseconds after which a write has failed, so that a full pool does not hold an answer. */
  readonly limitMs: number;
  /** Milliseconds of pause after a failure: doubled from the first to the second. */
  readonly pauseMs: readonly [number, number];
  readonly write: (waiting: Waiting, signal: AbortSignal) => Promise<void>;
  /** After each write that succeeded. */
  readonly onRecorded: () => void;
}

export const defaults: QueueOptions = {
  writers: 3,
  most: 2_000,
  limitMs: 2_000,
  pauseMs: [250, 5_000],
  write,
  onRecorded: () => {},
};

/** SQLSTATE of what the record itself refuses: the same again would be refused again. */
const refused = [sqlStates.checkViolation, '22P02', '22021', '22P05', '22001', '42501', '42804'];

interface Entry {
  waiting: Waiting;
  /** Told when it is on record, given up, or waits for better times. */
  readonly told: (() => void)[];
}

export interface QueueState {
  /** Distinct denials in memory, those under way included. */
  readonly waiting: number;
  /** Refusals that found no place in memory: lost. */
  readonly lost: number;
}

/**
 * Carries denials to the record. A few are written side by side; repetitions of one that is still
 * waiting are counted there; what cannot be written is kept, up to a bound, and tried again. What is
 * in memory when the process is killed is lost.
 */
export class DenialQueue {
  readonly #options: QueueOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #writing = new Set<Promise<void>>();
  #pausedUntil = 0;
  #pause = 0;
  #timer: NodeJS.Timeout | undefined;
  #lost = 0;

  constructor(options: Partial<QueueOptions> = {}) {
    this.#options = { ...defaults, ...options };
  }

  get state(): QueueState {
    return { waiting: this.#entries.size + this.#writing.size, lost: this.#lost };
  }

  /**
   * Take a denial in.
   * @returns when it is on record, or in the memory of this process because the record is out of reach
   */
  put(denial: Denial, at: Date = new Date()): Promise<void> {
    const waiting = { denial, at, lastAt: at, lastRequestId: denial.requestId, times: 1 };
    return new Promise((resolve) => {
      this.#keep({ waiting: { ...waiting, merged: false }, told: [resolve] });
      if (Date.now() < this.#pausedUntil) resolve();
      else this.#drain();
    });
  }

  /** Write what waits, for `limitMs` at most; for the process's end. */
  async flush(limitMs = 3_000): Promise<void> {
    const end = Date.now() + limitMs;
    this.#pausedUntil = 0;
    this.#drain();
    while (this.#writing.size > 0 && Date.now() < end) await Promise.race(this.#writing);
  }

  /** Keep an entry, at one like it where there is one. */
  #keep(entry: Entry): void {
    const { denial, merged } = entry.waiting;
    const whole = `${denial.tenantId} ${digestOf(denial)}`;
    const room = this.#entries.size < this.#options.most;
    if (!merged && (room || this.#entries.has(whole))) {
      this.#place(whole, entry);
      return;
    }
    // No room for what was asked for; who and why still have half as much again.
    const short = `${denial.tenantId} ${overflowDigest(denial)}`;
    if (this.#entries.has(short) || this.#entries.size < this.#options.most * 1.5) {
      entry.waiting = { ...entry.waiting, merged: true };
      this.#place(short, entry);
      return;
    }
    this.#lost += entry.waiting.times;
    tell(entry);
  }

  #place(key: string, entry: Entry): void {
    const known = this.#entries.get(key);
    if (known) merge(known, entry);
    else this.#entries.set(key, entry);
  }

  #drain(): void {
    if (Date.now() < this.#pausedUntil) return;
    while (this.#writing.size < this.#options.writers) {
      const [next] = this.#entries;
      if (!next) return;
      this.#entries.delete(next[0]);
      const work = this.#write(next[1]).finally(() => {
        this.#writing.delete(work);
        tell(next[1]);
        this.#drain();
      });
      this.#writing.add(work);
    }
  }

  async #write(entry: Entry): Promise<void> {
    const { write: attempt, limitMs, onRecorded } = this.#options;
    try {
      await attempt(entry.waiting, AbortSignal.timeout(limitMs));
      this.#pause = 0;
      onRecorded();
    } catch (error) {
      this.#failed(entry, error);
    }
  }

  #failed(entry: Entry, error: unknown): void {
    const { reason, tenantId } = entry.waiting.denial;
    const about = { err: error, reason, tenant_id: tenantId, times: entry.waiting.times };
    if (refused.some((code) => hasSqlState(error, code))) {
      this.#lost += entry.waiting.times;
      logger.error(about, 'A denial could not be recorded and is given up');
      return;
    }
    if (this.#pause === 0) logger.error(about, 'A denial could not be recorded; it is tried again');
    this.#keep({ waiting: entry.waiting, told: [] });
    const [first, most] = this.#options.pauseMs;
    this.#pause = Math.min(most, this.#pause === 0 ? first : this.#pause * 2);
    this.#pausedUntil = Date.now() + this.#pause;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#pausedUntil = 0;
      this.#drain();
    }, this.#pause).unref();
  }
}

function tell(entry: Entry): void {
  for (const told of entry.told.splice(0)) told();
}

/** Count an entry at one that is waiting already. */
function merge(known: Entry, more: Entry): void {
  const { waiting } = known;
  waiting.times += more.waiting.times;
  if (more.waiting.lastAt >= waiting.lastAt) {
    waiting.lastAt = more.waiting.lastAt;
    waiting.lastRequestId = more.waiting.lastRequestId;
  }
  known.told.push(...more.told);
}
