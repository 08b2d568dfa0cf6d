import type { Prelude } from './exchange';
import { Messages } from './messages';

/** What gives a transaction its tenant: the same for minutes, so that its Bind is written down once. */
export class Scope implements Prelude {
  readonly name: string;
  readonly text: string;
  readonly values: readonly [string];
  readonly answer: string;
  /** Its own, and not a field: a copy with another value has bytes of its own. */
  #bound: Buffer | undefined;

  /** @param value its one parameter, and what it is to answer */
  constructor(name: string, text: string, value: string) {
    this.name = name;
    this.text = text;
    this.values = [value];
    this.answer = value;
  }

  /** Its Bind and Execute, for a connection on which it is parsed. */
  get bound(): Buffer {
    if (this.#bound) return this.#bound;
    const messages = new Messages(256);
    messages.bind(this.name, this.values);
    messages.execute();
    this.#bound = messages.bytes();
    return this.#bound;
  }
}
