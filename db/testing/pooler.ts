import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { cstring, Frames, message, parseMessage, typeOf } from './frames';

/**
 * A transaction pooler with the worst manners that are allowed: it hands each transaction to another
 * backend, picked at random. It keeps track of named statements as PgBouncer does from 1.21 on. A
 * real pooler tends to give a client the backend it had before, and so hides what this one shows.
 */
export interface Pooler {
  /** The same login as given, by way of the pooler. */
  readonly url: string;
  /** Times that a client got another backend than for its transaction before. */
  switches(): number;
  /** Ask every backend something, outside of any client. */
  onEachBackend(text: string): Promise<unknown[]>;
  close(): Promise<void>;
}

const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const AUTHENTICATED = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
const SSL_REQUEST = 80_877_103;
/** Messages that are answered by ReadyForQuery. */
const syncing = new Set(['S', 'Q']);
/** CopyData, CopyDone and CopyFail. */
const copying = new Set(['d', 'c', 'f']);

/** A connection to the server, with the statements it knows. */
class Backend {
  readonly stream: Socket;
  readonly prepared = new Set<string>();
  /** Parses under way: the name to remember, and whether the client waits for the answer. */
  readonly parsing: { readonly name: string; readonly forward: boolean }[] = [];
  user: Session | undefined;

  constructor(client: Client) {
    this.stream = client.connection.stream as Socket;
    this.stream.removeAllListeners('data');
    this.stream.removeAllListeners('error').on('error', () => {});
    const frames = new Frames(false);
    this.stream.on('data', (chunk: Buffer) => {
      for (const frame of frames.take(chunk)) this.#answer(frame);
    });
  }

  static async open(url: string): Promise<Backend> {
    const client = new Client(url);
    client.on('error', () => {});
    await client.connect();
    return new Backend(client);
  }

  #answer(frame: Buffer): void {
    const type = typeOf(frame);
    if (type === '1') {
      const parsed = this.parsing.shift();
      if (parsed?.name) this.prepared.add(parsed.name);
      if (!parsed?.forward) return;
    }
    if (type === 'Z') this.parsing.length = 0;
    this.user?.receive(frame, type === 'Z' && frame[5] === 0x49);
  }
}

/** A client of the pooler. */
class Session {
  readonly #socket: Socket;
  readonly #pool: BackendPool;
  readonly #statements = new Map<string, Buffer>();
  readonly #waiting: Buffer[] = [];
  #backend: Backend | undefined;
  #asking = false;
  /** Whether the backend has been sent a Sync that it has not answered. */
  #synced = false;
  #gone = false;
  last: Backend | undefined;

  constructor(socket: Socket, pool: BackendPool) {
    this.#socket = socket;
    this.#pool = pool;
    const frames = new Frames(true);
    socket.on('data', (chunk: Buffer) => {
      for (const frame of frames.take(chunk)) {
        if (frames.untyped) frames.untyped = !this.#greet(frame);
        else this.#send(frame);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => this.#leave());
  }

  #greet(frame: Buffer): boolean {
    if (frame.readUInt32BE(4) === SSL_REQUEST) {
      this.#socket.write('N');
      return false;
    }
    this.#socket.write(Buffer.concat([AUTHENTICATED, READY]));
    return true;
  }

  #send(frame: Buffer): void {
    if (typeOf(frame) === 'X') {
      this.#socket.end();
      return;
    }
    this.#waiting.push(frame);
    if (this.#backend) this.#flush(this.#backend);
    else if (!this.#asking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    const backend = await this.#pool.take(this);
    this.#asking = false;
    if (this.#gone) {
      this.#pool.giveBack(backend);
      return;
    }
    this.#backend = backend;
    backend.user = this;
    this.#flush(backend);
  }

  /** Send what there is up to a Sync: what follows it is another transaction, and another backend's. */
  #flush(backend: Backend): void {
    for (const frame of [...this.#waiting]) {
      // What is copied into a table follows the statement that asked for it.
      if (this.#synced && !copying.has(typeOf(frame))) return;
      this.#waiting.shift();
      backend.stream.write(this.#rewrite(frame, backend));
      if (syncing.has(typeOf(frame))) this.#synced = true;
    }
  }

  /** Give statements names that all clients of a backend can share. */
  #rewrite(frame: Buffer, backend: Backend): Buffer {
    const type = typeOf(frame);
    if (type === 'P') return this.#rewriteParse(frame, backend);
    if (type !== 'B') return frame;
    const [portal, at] = cstring(frame, 5);
    const [name, after] = cstring(frame, at);
    const rest = this.#statements.get(name);
    if (!rest) return frame;
    const shared = sharedName(rest);
    const bind = message(
      'B',
      Buffer.concat([Buffer.from(`${portal}\0${shared}\0`), frame.subarray(after)]),
    );
    if (backend.prepared.has(shared) || backend.parsing.some((one) => one.name === shared)) {
      return bind;
    }
    backend.parsing.push({ name: shared, forward: false });
    return Buffer.concat([parseMessage(shared, rest), bind]);
  }

  #rewriteParse(frame: Buffer, backend: Backend): Buffer {
    const [name, after] = cstring(frame, 5);
    const rest = Buffer.from(frame.subarray(after));
    if (name) this.#statements.set(name, rest);
    const shared = name ? sharedName(rest) : '';
    const known = backend.prepared.has(shared);
    backend.parsing.push({ name: known ? '' : shared, forward: true });
    return parseMessage(known ? '' : shared, rest);
  }

  receive(frame: Buffer, transactionOver: boolean): void {
    this.#socket.write(frame);
    if (typeOf(frame) === 'Z') this.#synced = false;
    if (!this.#backend) return;
    if (transactionOver) {
      const backend = this.#backend;
      this.#backend = undefined;
      this.#pool.giveBack(backend);
      if (this.#waiting.length > 0) void this.#ask();
    } else if (typeOf(frame) === 'Z') this.#flush(this.#backend);
  }

  #leave(): void {
    this.#gone = true;
    if (this.#backend) this.#pool.replace(this.#backend);
    this.#backend = undefined;
  }
}

function sharedName(statement: Buffer): string {
  return `pooled_${createHash('sha1').update(statement).digest('hex').slice(0, 16)}`;
}

class BackendPool {
  readonly #url: string;
  readonly #idle: Backend[] = [];
  readonly #waiting: ((backend: Backend) => void)[] = [];
  switches = 0;

  constructor(url: string, backends: readonly Backend[]) {
    this.#url = url;
    this.#idle.push(...backends);
  }

  async take(session: Session): Promise<Backend> {
    const backend = await new Promise<Backend>((resolve) => {
      const [one] = this.#idle.splice(Math.floor(Math.random() * this.#idle.length), 1);
      if (one) resolve(one);
      else this.#waiting.push(resolve);
    });
    if (session.last && session.last !== backend) this.switches += 1;
    session.last = backend;
    return backend;
  }

  giveBack(backend: Backend): void {
    backend.user = undefined;
    const next = this.#waiting.shift();
    if (next) next(backend);
    else this.#idle.push(backend);
  }

  /** A backend whose client left inside a transaction is not used again. */
  replace(backend: Backend): void {
    backend.user = undefined;
    backend.stream.destroy();
    void Backend.open(this.#url).then((fresh) => this.giveBack(fresh));
  }

  /** All backends, once none is in use. */
  idle(): readonly Backend[] {
    return this.#idle;
  }
}

/** Ask a backend by the simple protocol; the first column of the first row. */
function ask(backend: Backend, text: string): Promise<unknown> {
  return new Promise((resolve) => {
    let value: string | null = null;
    backend.user = {
      receive: (frame: Buffer, over: boolean) => {
        if (typeOf(frame) === 'D') {
          const length = frame.readInt32BE(7);
          value = length < 0 ? null : frame.toString('utf8', 11, 11 + length);
        }
        if (over) resolve(value);
      },
    } as unknown as Session;
    backend.stream.write(message('Q', Buffer.from(`${text}\0`)));
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve) => {
    server.listen(path, () => resolve());
  });
}

/**
 * Start a pooler in front of a login.
 * @param backends connections that it shares among all its clients
 */
export async function startPooler(url: string, backends: number): Promise<Pooler> {
  const pool = new BackendPool(
    url,
    await Promise.all(Array.from({ length: backends }, () => Backend.open(url))),
  );
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    new Session(socket, pool);
  });
  const directory = mkdtempSync(join(tmpdir(), 'pooler-'));
  await listen(server, join(directory, '.s.PGSQL.5432'));
  const pooled = new URL(url);
  pooled.searchParams.set('host', directory);
  return {
    url: pooled.href,
    switches: () => pool.switches,
    onEachBackend: (text) => Promise.all(pool.idle().map((backend) => ask(backend, text))),
    async close() {
      for (const socket of sockets) socket.destroy();
      for (const backend of pool.idle()) backend.stream.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
