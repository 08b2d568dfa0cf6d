import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a stand-in for a key service misbehaves, until it is told otherwise. */
export type KeyServiceFault = 'none' | 'throttled' | 'broken' | 'silent' | 'garbage' | 'disabled';

export interface KeyCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface KeyAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What one service does with a call, and how it puts its refusals. */
export interface KeyServiceDouble {
  answer(call: KeyCall): KeyAnswer;
  throttled(): KeyAnswer;
  broken(): KeyAnswer;
  disabled(): KeyAnswer;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** A stand-in for a key service, on loopback, with a switch for its faults. */
export class KeyServer {
  fault: KeyServiceFault = 'none';
  /** What it was asked, in order; faults count too. */
  readonly calls: KeyCall[] = [];
  readonly #double: KeyServiceDouble;
  readonly #server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void this.#serve(request, response);
  });

  constructor(double: KeyServiceDouble) {
    this.#double = double;
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const call = { method, path: url, headers, body: parsed(await read(request)) };
    this.calls.push(call);
    if (this.fault === 'silent') return;
    if (this.fault === 'garbage') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('<html>hello</html>');
      return;
    }
    const { status, body, headers: more } = this.#answer(call);
    response.writeHead(status, { 'content-type': 'application/json', ...more });
    response.end(JSON.stringify(body));
  }

  #answer(call: KeyCall): KeyAnswer {
    switch (this.fault) {
      case 'throttled':
        return this.#double.throttled();
      case 'broken':
        return this.#double.broken();
      case 'disabled':
        return this.#double.disabled();
      default:
        return this.#double.answer(call);
    }
  }
}
