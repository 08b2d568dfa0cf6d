import type { Answer } from './actors';
import { carries } from './marks';
import type { Ground } from './place';

/** Faults that are shown before the rest is only counted. */
const SHOWN = 20;

/** Tries, each judged, and what of them did not hold. */
export class Tally {
  readonly #ground: Ground;
  readonly #faults: string[] = [];
  cases = 0;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** What did not hold; empty is what every test wants. */
  get faults(): readonly string[] {
    const rest = this.#faults.length - SHOWN;
    return rest > 0 ? [...this.#faults.slice(0, SHOWN), `and ${rest} more`] : [...this.#faults];
  }

  /**
   * Nothing of the victim's may have come out.
   * @param sent what of it the attacker has sent himself, and so may get back
   */
  silent(what: string, { said }: Pick<Answer, 'said'>, sent: readonly string[] = []): void {
    this.cases += 1;
    const rest = sent.reduce((text, each) => text.replaceAll(each, '…'), said);
    if (carries(this.#ground.victim.mark, rest))
      this.#faults.push(`${what}: ${rest.slice(0, 200)}`);
  }

  /** It must have been refused with one of these codes, and have told nothing. */
  refused(what: string, answer: Answer, codes: readonly string[] = ['42501']): void {
    this.silent(what, answer);
    if (!answer.code || !codes.includes(answer.code)) {
      const got = answer.code ?? `${answer.count} rows`;
      this.#faults.push(`${what}: expected ${codes.join(' or ')}, got ${got}`);
    }
  }

  /** Whatever else has to be so. */
  holds(what: string, so: boolean): void {
    this.cases += 1;
    if (!so) this.#faults.push(what);
  }
}
