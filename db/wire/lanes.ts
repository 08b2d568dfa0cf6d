import type { Pool } from 'pg';
import type { Outcome } from './exchange';
import { DEPTH, Lane, type Rider } from './lane';
import { oncePerProcess } from './once';
import { busy } from './outbox';
import { isShort } from './pace';
import { knows } from './parsed';
import { exchangeOnPool, type Held, runAndGiveBack, take, type Work } from './pool';

/** One in so many of a pool's connections may be a lane. */
const SHARE = 4;

/** What changes rows, takes locks or asks the system, as far as a statement's text tells. */
const notOnlyReading = /\b(?:for|into|nextval|setval|pg_\w+|lo_\w+)\b/i;

/** Whether a statement does nothing but read, so that it may be asked twice. In doubt it is not. */
export function onlyReads(text: string): boolean {
  return /^\s*select\b/i.test(text) && !notOnlyReading.test(text);
}

/** The lanes of a pool. */
class Lanes {
  readonly #pool: Pool;
  readonly #lanes = new Set<Lane>();
  #opening = 0;
  #asked: Rider[] = [];

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Have something read together with whatever else is asked for in this turn of the event loop. */
  ask(rider: Rider): void {
    if (this.#asked.push(rider) === 1) setImmediate(() => this.#depart());
  }

  #depart(): void {
    const riders = this.#asked;
    this.#asked = [];
    // A lane gives its connection back when it is empty: nobody boards while others wait for one.
    const contended = this.#pool.waitingCount > 0;
    const left = contended ? riders : riders.filter((rider) => !this.#boards(rider));
    for (const lane of this.#lanes) lane.post();
    let openings = contended ? 0 : this.#openings();
    for (; openings > 0 && left.length > 0; openings -= 1) {
      const some = Math.min(DEPTH, Math.ceil(left.length / openings));
      this.#open(left.splice(0, some) as [Rider, ...Rider[]]);
    }
    for (const rider of left) this.#alone(rider);
  }

  /** Have someone board the lane with the fewest aboard, if there is one that takes him. */
  #boards(rider: Rider): boolean {
    let found: Lane | undefined;
    for (const lane of this.#lanes) {
      if (lane.takes(rider.work) && (found === undefined || lane.load < found.load)) found = lane;
    }
    found?.board(rider);
    return found !== undefined;
  }

  /** How many lanes may be opened now: on connections that lie ready. */
  #openings(): number {
    const { options, idleCount } = this.#pool;
    const most = Math.floor(options.max / SHARE) - this.#lanes.size - this.#opening;
    return Math.min(most, idleCount);
  }

  #open(riders: readonly [Rider, ...Rider[]]): void {
    this.#opening += 1;
    take(this.#pool, undefined, (lacking, held) => {
      this.#opening -= 1;
      if (lacking) {
        for (const { ended } of riders) ended({ error: lacking, broken: false });
        return;
      }
      this.#fill(held, riders);
    });
  }

  #fill(held: Held, [first, ...others]: readonly [Rider, ...Rider[]]): void {
    const { preludes, statement } = first.work;
    // Run once on its own, it is known there from then on.
    if (!knows(held.client, preludes, statement)) {
      runAndGiveBack(held, first.work, first.ended);
      for (const rider of others) this.#alone(rider);
      return;
    }
    const lane = new Lane(
      held,
      (behind) => this.#alone(behind),
      (empty) => this.#lanes.delete(empty),
    );
    this.#lanes.add(lane);
    lane.board(first);
    for (const rider of others) {
      if (lane.takes(rider.work)) lane.board(rider);
      else this.#alone(rider);
    }
    lane.post();
  }

  #alone({ work, ended }: Rider): void {
    void exchangeOnPool(this.#pool, work).then(ended);
  }
}

/** A pool's share of lanes is for all copies of this module together. */
const lanes = oncePerProcess('lanes', () => new WeakMap<Pool, Lanes>());

/** The lanes of a pool, made on first use. */
export function lanesOf(pool: Pool): Lanes {
  const known = lanes.get(pool);
  if (known) return known;
  const made = new Lanes(pool);
  lanes.set(pool, made);
  return made;
}

/**
 * Read something, as `exchangeOnPool` does, if need be behind others on one connection. For what only
 * reads, is given a name and is not aborted. A read that nothing else is under way with goes out at
 * once on a connection of its own, and so does one that is not known to be short.
 */
export function exchangeShared(pool: Pool, work: Work): Promise<Outcome> {
  if (!busy() || !isShort(work.statement.name)) return exchangeOnPool(pool, work);
  return new Promise((ended) => lanesOf(pool).ask({ work, ended }));
}
