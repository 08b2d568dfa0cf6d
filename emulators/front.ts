import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { decorated, type Fault, type Faults, faultAnswer } from './faults';
import type { RequestLog } from './request-log';
import type { RunningService } from './service';

/** The service behind the front. */
export interface Service extends Pick<RunningService, 'fetch' | 'accountOf'> {
  /** Answers below `/__`: what tests steer and look at. */
  control(request: Request): Promise<Response>;
}

export interface Front {
  readonly url: string;
  close(): Promise<void>;
}

/** Google's own limit on a message is 25 MB, a third more in base64. */
const largestBody = 36 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > largestBody) throw new RangeError('request body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function toRequest(incoming: IncomingMessage, base: string): Promise<Request> {
  const method = incoming.method ?? 'GET';
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  const body = method === 'GET' || method === 'HEAD' ? null : await readBody(incoming);
  return new Request(new URL(incoming.url ?? '/', base), {
    method,
    headers,
    body: body && new Uint8Array(body),
  });
}

async function answer(
  response: Response,
  outgoing: ServerResponse,
  drip?: Fault['drip'],
): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (!drip) return void outgoing.end(body);
  outgoing.flushHeaders();
  for (let at = 0; at < body.length && !outgoing.destroyed; at += drip.bytes) {
    await wait(drip.every);
    outgoing.write(body.subarray(at, at + drip.bytes));
  }
  outgoing.end();
}

/** The answer to a request with its fault, or null when the connection is to be cut. */
async function faulty(
  service: Service,
  request: Request,
  faults: Faults,
  fault: Fault | null,
): Promise<Response | null> {
  if (fault?.delay) await faults.hold(fault.delay);
  const instead = fault && faultAnswer(fault);
  const spoilt = fault?.reset || instead;
  if (!spoilt) {
    const response = await service.fetch(request);
    return fault ? decorated(response, fault) : response;
  }
  // The body must be consumed for its effect to be complete before the answer is spoilt.
  if (fault?.when === 'after') await (await service.fetch(request)).arrayBuffer();
  return fault?.reset ? null : instead;
}

/**
 * Serve on loopback, with faults and a request log in front.
 * @param port 0 for any free one
 * @param makeService is told the address before the first request
 */
export async function listen(
  port: number,
  faults: Faults,
  log: RequestLog,
  makeService: (url: string) => Promise<Service>,
): Promise<Front> {
  let service: Service | undefined;
  let url = '';

  /** Whether a page's origin is this server, under either of its names. */
  function own(origin: string): boolean {
    return [url, url.replace('localhost', '127.0.0.1')].includes(origin);
  }

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    // A page elsewhere must not steer it under a name of its own (DNS rebinding).
    const name = incoming.headers.host?.replace(/:\d+$/, '');
    if (!service || (name !== 'localhost' && name !== '127.0.0.1')) {
      outgoing.writeHead(service ? 403 : 503).end();
      return;
    }
    // Nor steer it from a page of its own.
    const { origin } = incoming.headers;
    if (incoming.url?.startsWith('/__') && origin !== undefined && !own(origin)) {
      outgoing.writeHead(403).end();
      return;
    }
    const started = Date.now();
    const request = await toRequest(incoming, url);
    const path = new URL(request.url).pathname;
    if (path.startsWith('/__')) return answer(await service.control(request), outgoing);
    const account = await service.accountOf(request.clone());
    const { method } = request;
    const fault = faults.take({ method, path, account });
    const response = await faulty(service, request, faults, fault);
    log.add({
      at: new Date(started).toISOString(),
      method,
      path,
      account,
      status: response?.status ?? 0,
      duration: Date.now() - started,
      faulted: fault !== null,
    });
    if (response) await answer(response, outgoing, fault?.drip);
    else incoming.socket.resetAndDestroy();
  }

  // It never ends an idle connection: a client that was held up might be writing to it just then,
  // and take the reset for a fault.
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, outgoing) => {
    handle(incoming, outgoing).catch((error: unknown) => {
      process.stderr.write(`emulator: ${error instanceof Error ? error.stack : error}\n`);
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  try {
    service = await makeService(url);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, close };
}
