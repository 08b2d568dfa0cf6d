import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { MessageBounds, readingInPlace, refuseTooLarge } from './socket';

function message(type: string, length: number): Buffer {
  const bytes = Buffer.alloc(5 + length, type.toLowerCase());
  bytes.write(type, 0, 'latin1');
  bytes.writeUInt32BE(4 + length, 1);
  return bytes;
}

const answer = Buffer.concat([
  ...[message('2', 0), message('D', 90), message('C', 9)],
  ...[message('D', 300), message('D', 1), message('Z', 1)],
]);

describe('where messages begin and end', () => {
  it('is known of whole ones', () => {
    const bounds = new MessageBounds();
    expect([bounds.follow(answer), bounds.follow(message('2', 0))]).toEqual([true, true]);
  });

  it('is known wherever they are cut in two', () => {
    for (let at = 1; at < answer.length; at += 1) {
      const bounds = new MessageBounds();
      const early = new MessageBounds().follow(answer.subarray(0, at));
      expect(bounds.follow(answer.subarray(0, at))).toBe(early);
      // The rest of a message is not whole by itself; the rest of an answer may be.
      expect(bounds.follow(answer.subarray(at))).toBe(early);
      expect(bounds.follow(answer)).toBe(true);
    }
  });

  it('is known when they come byte by byte', () => {
    const bounds = new MessageBounds();
    for (const byte of answer) expect(bounds.follow(Buffer.from([byte]))).toBe(false);
    expect(bounds.follow(answer)).toBe(true);
  });
});

describe('a connection that reads in place', () => {
  /** What comes of these pieces, each sent when the one before has come. */
  async function received(pieces: readonly Buffer[]) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = readingInPlace();
    const kept: Buffer[] = [];
    const copies: Buffer[] = [];
    const accepted = once(server, 'connection');
    socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [peer] = await accepted;
    for (const piece of pieces) {
      let left = piece.length;
      const all = new Promise<void>((resolve) => {
        socket.on('data', function take(bytes: Buffer) {
          kept.push(bytes);
          copies.push(Buffer.from(bytes));
          left -= bytes.length;
          if (left === 0) {
            socket.off('data', take);
            resolve();
          }
        });
      });
      peer.write(piece);
      await all;
    }
    const ended = once(socket, 'close');
    peer.end();
    await ended;
    server.close();
    return { kept, copies };
  }

  it('gets what is sent, in whatever pieces, and ends', async () => {
    const large = Buffer.concat([message('D', 200_000), message('Z', 1)]);
    const pieces = [answer, answer.subarray(0, 7), answer.subarray(7), large, answer];
    const { copies } = await received(pieces);
    expect(Buffer.concat(copies).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('keeps what a reader may keep: parts of messages, and those of logging in', async () => {
    const login = message('R', 8);
    const pieces = [login, answer.subarray(0, 7), answer.subarray(7), answer];
    const { kept, copies } = await received(pieces);
    for (const at of [0, 1, 2]) expect(kept[at]?.equals(copies[at] as Buffer)).toBe(true);
    expect(kept[3]?.buffer).not.toBe(kept[0]?.buffer);
  });
});

/** The header of a message that is too large to be read. */
const tooLarge = message('D', 0);
tooLarge.writeUInt32BE(600_000_000, 1);

describe('a message too large', () => {
  it('ends a connection that reads in place, which gets what came ahead of it', async () => {
    for (let cut = 0; cut < tooLarge.length; cut += 1) {
      const server = createServer((peer) => {
        // Once what there is of its header has come, the rest of it is sent.
        peer.once('data', () => peer.write(Buffer.concat([tooLarge.subarray(cut), answer])));
        peer.write(Buffer.concat([answer, tooLarge.subarray(0, cut)]));
        peer.on('error', () => {});
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const socket = readingInPlace();
      const got: Buffer[] = [];
      socket.on('data', (bytes: Buffer) => {
        got.push(Buffer.from(bytes));
        if (Buffer.concat(got).length === answer.length + cut) socket.write('go on');
      });
      const ended = once(socket, 'error');
      socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
      expect(await ended).toMatchObject([{ name: 'MessageTooLargeError' }]);
      expect(Buffer.concat(got).subarray(0, answer.length).equals(answer)).toBe(true);
      expect(Buffer.concat(got).length).toBeLessThan(answer.length + tooLarge.length);
      server.close();
    }
  });

  it('costs nothing that came in one piece with its header', async () => {
    const server = createServer((peer) => {
      peer.on('error', () => {}).write(Buffer.concat([answer, tooLarge, answer]));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = readingInPlace();
    const got: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => got.push(Buffer.from(bytes)));
    const ended = once(socket, 'error');
    socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
    await ended;
    expect(Buffer.concat(got).subarray(0, answer.length).equals(answer)).toBe(true);
    server.close();
  });
});

describe('an encrypted connection', () => {
  it('is ended by a message too large, wherever its header is cut in two', async () => {
    for (let at = 1; at < tooLarge.length; at += 1) {
      const stream = new PassThrough();
      refuseTooLarge(stream);
      const ended = once(stream.resume(), 'error');
      stream.write(Buffer.concat([answer, tooLarge.subarray(0, at)]));
      stream.write(tooLarge.subarray(at));
      expect(await ended).toMatchObject([{ name: 'MessageTooLargeError' }]);
      expect(stream.destroyed).toBe(true);
    }
  });

  it('goes on with what can be read', async () => {
    const stream = new PassThrough();
    refuseTooLarge(stream);
    stream.end(answer);
    let bytes = 0;
    for await (const chunk of stream) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(answer.length);
  });
});
