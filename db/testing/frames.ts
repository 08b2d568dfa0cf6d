/** Cuts a byte stream into messages; the first one of a client has no type byte. */
export class Frames {
  #rest = Buffer.alloc(0);
  untyped: boolean;

  constructor(untyped: boolean) {
    this.untyped = untyped;
  }

  *take(chunk: Buffer): Generator<Buffer> {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = this.untyped ? 0 : 1;
      if (this.#rest.length < head + 4) return;
      const end = head + this.#rest.readUInt32BE(head);
      if (this.#rest.length < end) return;
      const frame = this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(end);
      yield frame;
    }
  }
}

export const typeOf = (frame: Buffer): string => String.fromCharCode(frame[0] as number);

export function cstring(frame: Buffer, from: number): [string, number] {
  const end = frame.indexOf(0, from);
  return [frame.toString('utf8', from, end), end + 1];
}

export function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export const parseMessage = (name: string, rest: Buffer): Buffer =>
  message('P', Buffer.concat([Buffer.from(`${name}\0`), rest]));
