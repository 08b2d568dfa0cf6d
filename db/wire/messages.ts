import type { WireValue } from './parameters';

/** Bytes that a UTF-16 unit takes at most in UTF-8, and units of a text for which so many are no waste. */
const WIDEST = 3;
const SHORT = 1_000;

/**
 * Builds the messages of one exchange in one piece, to be written at once (PostgreSQL manual,
 * "Message Formats"). Strings are UTF-8 and end in a zero byte; lengths are 32 bits, big endian, and
 * count themselves but not the type byte.
 */
export class Messages {
  #buffer: Buffer;
  #at = 0;

  constructor(size = 512) {
    this.#buffer = Buffer.allocUnsafe(size);
  }

  /** Parse: give a statement a name, or the unnamed one with `''`. */
  parse(name: string, text: string): void {
    const start = this.#begin(0x50);
    this.#cstring(name);
    this.#cstring(text);
    this.#int16(0);
    this.#end(start);
  }

  /** Bind the unnamed portal to a statement; text in and out, bytes as bytes. */
  bind(statement: string, values: readonly WireValue[]): void {
    const start = this.#begin(0x42);
    this.#cstring('');
    this.#cstring(statement);
    this.#formats(values);
    this.#int16(values.length);
    for (const value of values) this.#value(value);
    this.#int16(0);
    this.#end(start);
  }

  /** Describe the unnamed portal. */
  describe(): void {
    const start = this.#begin(0x44);
    this.#room(2);
    this.#buffer[this.#at++] = 0x50;
    this.#buffer[this.#at++] = 0;
    this.#end(start);
  }

  /** Execute the unnamed portal to its end. */
  execute(): void {
    const start = this.#begin(0x45);
    this.#cstring('');
    this.#int32(0);
    this.#end(start);
  }

  sync(): void {
    this.#end(this.#begin(0x53));
  }

  /** Messages that were built before. */
  append(messages: Buffer): void {
    this.#room(messages.length);
    messages.copy(this.#buffer, this.#at);
    this.#at += messages.length;
  }

  /** What has been built. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  #begin(type: number): number {
    this.#room(5);
    this.#buffer[this.#at] = type;
    this.#at += 5;
    return this.#at - 4;
  }

  #end(start: number): void {
    this.#buffer.writeInt32BE(this.#at - start, start);
  }

  /** None at all says that all is text, which it nearly always is. */
  #formats(values: readonly WireValue[]): void {
    if (!values.some((value) => typeof value === 'object' && value !== null)) {
      this.#int16(0);
      return;
    }
    this.#int16(values.length);
    for (const value of values) this.#int16(value instanceof Buffer ? 1 : 0);
  }

  #value(value: WireValue): void {
    if (value === null) {
      this.#int32(-1);
    } else if (typeof value !== 'string') {
      this.#int32(value.length);
      this.append(value);
    } else {
      // Written before its size is known: to be asked for that takes as long as to write it.
      this.#room(4 + (value.length < SHORT ? value.length * WIDEST : Buffer.byteLength(value)));
      const size = this.#buffer.write(value, this.#at + 4, 'utf8');
      this.#int32(size);
      this.#at += size;
    }
  }

  #cstring(text: string): void {
    const size = text === '' ? 0 : Buffer.byteLength(text);
    this.#room(size + 1);
    if (size > 0) this.#buffer.write(text, this.#at, 'utf8');
    this.#at += size;
    this.#buffer[this.#at++] = 0;
  }

  #int16(value: number): void {
    this.#room(2);
    this.#buffer.writeUInt16BE(value, this.#at);
    this.#at += 2;
  }

  #int32(value: number): void {
    this.#room(4);
    this.#buffer.writeInt32BE(value, this.#at);
    this.#at += 4;
  }

  #room(size: number): void {
    if (this.#at + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe((this.#at + size) * 2);
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}
