import { setImmediate as phase } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { answered, send } from './outbox';

const sent: string[] = [];
let open = 0;

function socket(name: string, destroyed = false) {
  return { destroyed, write: (bytes: Buffer) => void sent.push(`${name}: ${bytes}`) };
}

function post(sink: ReturnType<typeof socket>, text: string): void {
  open += 1;
  send(sink, Buffer.from(text));
}

afterEach(async () => {
  await phase();
  for (; open > 0; open -= 1) answered();
  sent.length = 0;
});

describe('what is sent', () => {
  it('goes out at once when nothing else is under way', () => {
    post(socket('a'), 'one');
    expect(sent).toEqual(['a: one']);
  });

  it('goes out in its order once all sockets have been read, while others are under way', async () => {
    for (const name of ['a', 'b', 'c']) post(socket(name), 'one');
    expect(sent).toEqual(['a: one']);
    await phase();
    expect(sent).toEqual(['a: one', 'b: one', 'c: one']);
    post(socket('d'), 'two');
    await phase();
    expect(sent.at(-1)).toBe('d: two');
  });

  it('goes out at once again when all are answered', () => {
    for (const name of ['a', 'b']) post(socket(name), 'one');
    for (; open > 0; open -= 1) answered();
    post(socket('c'), 'two');
    expect(sent).toEqual(['a: one', 'c: two']);
  });

  it('stays here when its connection is gone meanwhile', async () => {
    post(socket('a'), 'one');
    post(socket('gone', true), 'two');
    post(socket('c'), 'three');
    await phase();
    expect(sent).toEqual(['a: one', 'c: three']);
  });
});
