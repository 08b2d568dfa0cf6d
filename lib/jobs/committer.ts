import { setTimeout as delay } from 'node:timers/promises';
import { engine } from '@/db';
import { LostRunError } from './errors';

interface Pending {
  readonly commit: engine.Commit;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Most runs in one statement. */
const BATCH = 200;
/** Statements under way at once: while one waits for the disk, the next is on its way. */
const WRITERS = 2;
/** Waits between attempts while the database is away, in milliseconds: 6 s in all. */
const RETRIES = [100, 200, 500, 1_200, 4_000];

/**
 * Writes the progress of all runs of this process: whatever comes while statements are under way goes
 * together into the next, so the busier it is the fewer commits each step costs.
 */
export class Committer {
  readonly #store: engine.EngineStore;
  #pending: Pending[] = [];
  #writers = 0;

  constructor(store: engine.EngineStore) {
    this.#store = store;
  }

  /** @throws LostRunError when the run is no longer its holder's */
  commit(commit: engine.Commit): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ commit, resolve, reject });
      if (this.#writers < WRITERS) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#writers += 1;
    // Whoever is ready in this turn of the event loop comes along.
    await new Promise(setImmediate);
    while (this.#pending.length > 0) await this.#write(this.#take());
    this.#writers -= 1;
  }

  /** The next statement's worth; a run is in it once. */
  #take(): Pending[] {
    const taken = new Map<string, Pending>();
    const left: Pending[] = [];
    for (const pending of this.#pending) {
      const { runId } = pending.commit;
      if (taken.size < BATCH && !taken.has(runId)) taken.set(runId, pending);
      else left.push(pending);
    }
    this.#pending = left;
    return [...taken.values()];
  }

  async #write(batch: readonly Pending[]): Promise<void> {
    try {
      const held = await this.#attempt(batch.map(({ commit }) => commit));
      for (const { commit, resolve, reject } of batch) {
        if (held.has(commit.runId)) resolve();
        else reject(new LostRunError(`run ${commit.runId} was ended or taken by another worker`));
      }
    } catch (error) {
      // One that the server refuses must not take the others with it.
      if (batch.length > 1 && !engine.isPassing(error)) {
        for (const one of batch) await this.#write([one]);
      } else {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  async #attempt(commits: readonly engine.Commit[]): Promise<ReadonlySet<string>> {
    for (const wait of RETRIES) {
      try {
        return await engine.commitProgress(this.#store, commits);
      } catch (error) {
        if (!engine.isPassing(error)) throw error;
        await delay(wait);
      }
    }
    return engine.commitProgress(this.#store, commits);
  }
}
