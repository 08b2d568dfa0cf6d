import { Exchange, type Outcome } from './exchange';
import { noteLong, SHORT } from './pace';
import { knows } from './parsed';
import { giveBack, type Held, judged, type Work } from './pool';
import { isClean } from './soiled';

/** Exchanges on a lane at a time: each waits for three others at most. */
export const DEPTH = 4;

/** Exchanges after which a lane ends, so that its connection gets to be replaced when it is old. */
const TRIPS = 1_000;

/** Something to be read, and whom to tell. */
export interface Rider {
  readonly work: Work;
  readonly ended: (outcome: Outcome) => void;
}

interface Aboard {
  readonly rider: Rider;
  readonly exchange: Exchange;
  /** Its answer is not wanted any more: it has been asked again elsewhere. */
  rescued: boolean;
}

/**
 * A connection that carries several exchanges, one behind another. Each is a transaction of its own,
 * with its own scope and its own Sync, whose error ends there (PostgreSQL manual, "Pipelining").
 *
 * Who rides depends on nobody else aboard: when the connection is lost, or an exchange leaves it
 * other than it was, or takes too long, those behind it are rescued. They are asked again elsewhere,
 * and what the connection answers to them is thrown away.
 */
export class Lane {
  readonly #held: Held;
  readonly #rescue: (rider: Rider) => void;
  readonly #left: (lane: Lane) => void;
  readonly #aboard: Aboard[] = [];
  #letters: Buffer[] = [];
  #trips = TRIPS;
  #turnAt = 0;
  #fault: Outcome | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param rescue has somebody's read asked elsewhere
   * @param left told when nobody is aboard any more and the connection has been given back
   */
  constructor(held: Held, rescue: (rider: Rider) => void, left: (lane: Lane) => void) {
    this.#held = held;
    this.#rescue = rescue;
    this.#left = left;
    this.#watch();
  }

  get load(): number {
    return this.#aboard.length;
  }

  /** Whether this can ride: a statement that is parsed here could fail and take others with it. */
  takes({ preludes, statement }: Work): boolean {
    if (this.#trips <= 0 || this.#aboard.length >= DEPTH) return false;
    return knows(this.#held.client, preludes, statement);
  }

  /** Take someone along; sent with `post`. What cannot be written is told to him, and to nobody else. */
  board(rider: Rider): void {
    const { preludes, statement, values } = rider.work;
    const exchange = new Exchange(preludes, statement, values, (outcome) => this.#ended(outcome));
    try {
      this.#letters.push(exchange.ride(this.#held.client));
    } catch (error) {
      setImmediate(() => this.#leave());
      rider.ended({ error: error as Error, broken: false });
      return;
    }
    this.#trips -= 1;
    this.#aboard.push({ rider, exchange, rescued: false });
    if (this.#aboard.length === 1) this.#turn(exchange);
  }

  /** Send all that has boarded, at once. */
  post(): void {
    if (this.#letters.length === 0) return;
    const [first] = this.#letters as [Buffer];
    const bytes = this.#letters.length === 1 ? first : Buffer.concat(this.#letters);
    this.#letters = [];
    const { stream } = this.#held.client.connection;
    if (!stream.destroyed) stream.write(bytes);
  }

  /** The answers that come now are this exchange's. */
  #turn(exchange: Exchange): void {
    this.#turnAt = performance.now();
    this.#held.client.query(exchange);
  }

  #ended(answer: Outcome): void {
    const { client } = this.#held;
    const { rider, rescued } = this.#aboard.shift() as Aboard;
    const outcome = judged(client, answer);
    if (outcome.broken || !isClean(client)) {
      this.#fault ??= outcome;
      this.#clear(this.#aboard);
    }
    // In the same turn as `pg` reads the end of the last answer: the next one may follow at once.
    const [next] = this.#aboard;
    if (next) this.#turn(next.exchange);
    else setImmediate(() => this.#leave());
    if (!rescued) rider.ended(outcome);
  }

  /** Let nobody on any more, and have these asked elsewhere. */
  #clear(behind: readonly Aboard[]): void {
    this.#trips = 0;
    for (const each of behind) {
      if (each.rescued) continue;
      each.rescued = true;
      this.#rescue(each.rider);
    }
  }

  /** Look, again and again, whether somebody holds up others. */
  #watch(): void {
    this.#timer = setTimeout(() => {
      const [first] = this.#aboard;
      // If it was this process that took so long, there are answers that have come and were not read.
      if (first && performance.now() - this.#turnAt >= SHORT)
        setImmediate(() => this.#judge(first));
      else this.#watch();
    }, SHORT);
  }

  /** Somebody's turn has lasted too long, if it is still his. */
  #judge(late: Aboard): void {
    const [first, ...behind] = this.#aboard;
    if (first === late) {
      noteLong(late.rider.work.statement.name);
      this.#clear(behind);
    } else if (this.#timer) this.#watch();
  }

  #leave(): void {
    if (this.#aboard.length > 0 || this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#left(this);
    giveBack(this.#held, this.#fault);
  }
}
