import { oncePerProcess } from './once';

/** Where bytes go: the socket of a connection. */
export interface Sink {
  readonly destroyed: boolean;
  write(bytes: Buffer): void;
}

interface Letter {
  readonly sink: Sink;
  readonly bytes: Buffer;
}

const outbox = oncePerProcess('outbox', () => ({
  /** Exchanges whose answer is still to come. */
  underWay: 0,
  waiting: [] as Letter[],
}));

function post(): void {
  const letters = outbox.waiting;
  outbox.waiting = [];
  for (const { sink, bytes } of letters) if (!sink.destroyed) sink.write(bytes);
}

/** Whether the answer to any exchange is still to come. */
export function busy(): boolean {
  return outbox.underWay > 0;
}

/** An exchange is sent by somebody else; it too is over with `answered`. */
export function begun(): void {
  outbox.underWay += 1;
}

/**
 * Send an exchange, which is over with `answered`.
 *
 * While others are under way it goes out when all sockets have been read that had something to be
 * read: each writing wakes up a process of the server, which on a busy machine takes the place of
 * this one in the middle of its work. One that is alone goes out at once.
 */
export function send(sink: Sink, bytes: Buffer): void {
  outbox.underWay += 1;
  if (outbox.underWay === 1) sink.write(bytes);
  else if (outbox.waiting.push({ sink, bytes }) === 1) setImmediate(post);
}

/** An exchange that was sent is over, one way or another. */
export function answered(): void {
  outbox.underWay -= 1;
}
