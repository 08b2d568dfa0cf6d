import { setTimeout as delay } from 'node:timers/promises';
import { type DeletionId, deletions, erasure } from '@/db';
import { forgetAttempts } from '@/lib/attempts';
import { eraseFiles } from './files';
import { StageWaits } from './waits';

/** What one turn of erasing may take. */
export interface Turn {
  /** Rows of a batch. A batch is a transaction of its own, of some tens of milliseconds. */
  readonly batch: number;
  /** Milliseconds after which no further batch is begun. */
  readonly turnMs: number;
  /** Pause after a batch, as a part of the time that it took: others want to work too. */
  readonly rest: number;
}

export const usualTurn: Turn = { batch: 1_000, turnMs: 20_000, rest: 0.5 };
const longestRest = 200;

class Pace {
  readonly #turn: Turn;
  readonly #deadline: number;

  constructor(turn: Turn) {
    this.#turn = turn;
    this.#deadline = Date.now() + turn.turnMs;
  }

  /** Do one batch, and rest. @throws StageWaits when the turn is over before it */
  async take<Result>(work: (most: number) => Promise<Result>): Promise<Result> {
    if (Date.now() >= this.#deadline) throw new StageWaits(0, 'Rows are being erased.');
    const from = performance.now();
    const result = await work(this.#turn.batch);
    const rest = Math.min((performance.now() - from) * this.#turn.rest, longestRest);
    if (rest >= 1) await delay(rest);
    return result;
  }
}

async function eraseTable(id: DeletionId, table: string, pace: Pace): Promise<void> {
  let after: string | null = null;
  for (;;) {
    const done: erasure.ErasedBatch = await pace.take((most) =>
      erasure.eraseRows(id, table, after, most),
    );
    // From the beginning once more when it is through: for what came in behind.
    if (done.rows === 0 && after === null) return;
    after = done.rows === 0 ? null : done.last;
  }
}

/**
 * Erase everything that a closed tenant has: files, people, rows, what names it elsewhere, what the
 * engine remembers, and the tenant itself. Begun again it goes on with what is left.
 * @throws StageWaits when its turn is over and something is left
 */
export async function erase(
  deletion: deletions.DeletionRow,
  turn: Turn = usualTurn,
): Promise<void> {
  const { id, tenantId } = deletion;
  const pace = new Pace(turn);
  await eraseFiles(deletion);
  // While it is known whose members they were.
  while ((await pace.take((most) => erasure.erasePeople(id, most))) > 0);
  for (const table of await erasure.erasedTables()) await eraseTable(id, table, pace);
  while ((await pace.take((most) => erasure.eraseMentions(id, most))) > 0);
  await deletions.forgetEnded(tenantId);
  await forgetAttempts(tenantId);
  await erasure.eraseEngine(tenantId);
  await erasure.eraseTenantRow(id);
}
