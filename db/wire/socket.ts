import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Bytes of memory that a connection reads into, as many as Node would take anew for each reading. */
const SIZE = 65_536;

/** A message's type, and its length, which counts itself and not the type (protocol, "Messages"). */
const HEADER = 5;

/**
 * Bytes of one message at most, some times what the largest value of ours has. From half a gigabyte on
 * the driver cannot make text of it, and throws where nobody hears of it: whoever asked, as SQL that
 * got in can, would keep the connection for ever, and with a few of them all of the pool's.
 */
const MOST = 64 * 1024 * 1024;

class MessageTooLargeError extends Error {
  override readonly name = 'MessageTooLargeError';
  /** Bytes that came together with its header, and ahead of it. */
  readonly ahead: number;
  constructor(ahead: number) {
    super('The database answered with a value too large to be read.');
    this.ahead = ahead;
  }
}

/** Follows where messages begin and end in what comes in. */
export class MessageBounds {
  /** Bytes that are still to come of the message that has begun. */
  #left = 0;
  /** Of a header that has not come whole. */
  readonly #header = Buffer.alloc(HEADER);
  #known = 0;

  /**
   * @returns whether these bytes are whole messages, following whole messages
   * @throws MessageTooLargeError, which says what of these bytes is ahead of it
   */
  follow(bytes: Buffer): boolean {
    const whole = this.#between();
    let at = 0;
    while (at < bytes.length) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, bytes.length - at);
        this.#left -= step;
        at += step;
      } else if (this.#known === 0 && bytes.length - at >= HEADER) {
        this.#begin(bytes.readUInt32BE(at + 1) + 1, at);
      } else {
        this.#gather(bytes[at] as number, at);
        at += 1;
      }
    }
    return whole && this.#between();
  }

  #between(): boolean {
    return this.#left === 0 && this.#known === 0;
  }

  #gather(byte: number, at: number): void {
    this.#header[this.#known] = byte;
    this.#known += 1;
    if (this.#known === HEADER) {
      this.#begin(this.#header.readUInt32BE(1) + 1 - HEADER, at);
      this.#known = 0;
    }
  }

  #begin(length: number, at: number): void {
    if (length > MOST) throw new MessageTooLargeError(at);
    this.#left = length;
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
    try {
      const passing = follow(read) && answers.has(read[0] as number);
      return socket.emit('data', passing ? read : Buffer.from(read));
    } catch (error) {
      // What cannot be read ends the connection, and with it what waits for the answer.
      socket.destroy(error as Error);
      return false;
    }
  };
  // Answers to others, when several share a connection, may have come together with it.
  const follow = (read: Buffer): boolean => {
    try {
      return bounds.follow(read);
    } catch (error) {
      const { ahead } = error as MessageTooLargeError;
      if (ahead > 0) socket.emit('data', Buffer.from(read.subarray(0, ahead)));
      throw error;
    }
  };
  // In Node's documentation an option of the constructor; its types know it of `connect` only.
  const socket = new Socket({ onread: { buffer, callback } } as ConstructorParameters<
    typeof Socket
  >[0]);
  return socket;
}

/** Ends an encrypted connection, which Node reads by itself, before a message too large is taken in. */
export function refuseTooLarge(stream: Duplex): void {
  const bounds = new MessageBounds();
  stream.prependListener('data', (bytes: Buffer) => {
    try {
      bounds.follow(bytes);
    } catch (error) {
      stream.destroy(error as Error);
    }
  });
}
