import { Socket } from 'node:net';

/** Bytes of memory that a connection reads into, as many as Node would take anew for each reading. */
const SIZE = 65_536;

/** A message's type, and its length, which counts itself and not the type (protocol, "Messages"). */
const HEADER = 5;

/** Follows where messages begin and end in what comes in. */
export class MessageBounds {
  /** Bytes that are still to come of the message that has begun. */
  #left = 0;
  /** Of a header that has not come whole. */
  readonly #header = Buffer.alloc(HEADER);
  #known = 0;

  /** @returns whether these bytes are whole messages, following whole messages */
  follow(bytes: Buffer): boolean {
    const whole = this.#between();
    let at = 0;
    while (at < bytes.length) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, bytes.length - at);
        this.#left -= step;
        at += step;
      } else if (this.#known === 0 && bytes.length - at >= HEADER) {
        this.#left = 1 + bytes.readUInt32BE(at + 1);
      } else {
        at += this.#gather(bytes[at] as number);
      }
    }
    return whole && this.#between();
  }

  #between(): boolean {
    return this.#left === 0 && this.#known === 0;
  }

  #gather(byte: number): number {
    this.#header[this.#known] = byte;
    this.#known += 1;
    if (this.#known === HEADER) {
      this.#left = 1 + this.#header.readUInt32BE(1) - HEADER;
      this.#known = 0;
    }
    return 1;
  }
}

/** ParseComplete, BindComplete and DataRow: with one of these begins an answer to a door. */
const answers = new Set(['1', '2', 'D'].map((type) => type.charCodeAt(0)));

/**
 * A socket that reads into one piece of memory again and again. Node's own takes 64 kB from the system
 * for each reading, and gives most of it back.
 *
 * `pg` makes text of an answer's messages while it is handed them, and keeps bytes of such that are
 * not all there, or that are about logging in. So whole messages of an answer are handed on where
 * they are, and all else as a copy.
 */
export function readingInPlace(): Socket {
  const buffer = Buffer.allocUnsafeSlow(SIZE);
  const bounds = new MessageBounds();
  const callback = (count: number): boolean => {
    const read = buffer.subarray(0, count);
    const passing = bounds.follow(read) && answers.has(read[0] as number);
    socket.emit('data', passing ? read : Buffer.from(read));
    return true;
  };
  // In Node's documentation an option of the constructor; its types know it of `connect` only.
  const socket = new Socket({ onread: { buffer, callback } } as ConstructorParameters<
    typeof Socket
  >[0]);
  return socket;
}
