import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';

interface Edge {
  keepTrueAddress(request: IncomingMessage, proxies: number): void;
  hideRewrites(response: ServerResponse): void;
  refuseLargeBody(request: IncomingMessage, response: ServerResponse): boolean;
}
const edge: Edge = await import(new URL('./edge.mjs', import.meta.url).href);

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Serve one request and give what the handler saw and what the caller got. */
async function exchange(
  headers: Record<string, string>,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<IncomingMessage> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer);
    }).once('error', reject);
  });
}

async function addressSeen(forwarded: string | undefined, proxies: number) {
  let seen: IncomingMessage['headers'] = {};
  const headers = { ...(forwarded ? { 'x-forwarded-for': forwarded } : {}) };
  await exchange({ ...headers, 'x-forwarded-host': 'evil.example' }, (request, response) => {
    edge.keepTrueAddress(request, proxies);
    seen = request.headers;
    response.end();
  });
  return seen;
}

describe('the address of a caller', () => {
  it.each([
    ['is the connection’s own, whatever the caller says', '198.51.100.9', 0, '127.0.0.1'],
    ['is the one that the nearest proxy saw', '198.51.100.9, 203.0.113.5', 1, '203.0.113.5'],
    ['is the one that the farther of two saw', '6.6.6.6, 203.0.113.5, 10.0.0.2', 2, '203.0.113.5'],
    ['is the first known when proxies are missing', '203.0.113.5', 3, '203.0.113.5'],
    ['is the connection’s when nothing is said', undefined, 0, '127.0.0.1'],
  ])('%s', async (_name, forwarded, proxies, address) => {
    expect((await addressSeen(forwarded, proxies))['x-forwarded-for']).toBe(address);
  });

  it('comes without a host of the caller’s making, unless a proxy stands in front', async () => {
    expect((await addressSeen(undefined, 0))['x-forwarded-host']).toBeUndefined();
    expect((await addressSeen(undefined, 1))['x-forwarded-host']).toBe('evil.example');
  });
});

describe('a response', () => {
  it('does not tell that it was rewritten', async () => {
    const answer = await exchange({}, (_request, response) => {
      edge.hideRewrites(response);
      response.setHeader('x-middleware-rewrite', '/never');
      response.setHeader('x-nextjs-rewritten-path', '/never');
      response.setHeader('x-request-id', 'kept');
      response.end('body');
    });
    expect(Object.keys(answer.headers).filter((name) => /rewrit/.test(name))).toEqual([]);
    expect(answer.headers['x-request-id']).toBe('kept');
  });
});

describe('a body', () => {
  async function refused(length: string | undefined) {
    let answered: boolean | undefined;
    const headers: Record<string, string> =
      length === undefined ? {} : { 'content-length': length };
    const answer = await exchange(headers, (request, response) => {
      answered = edge.refuseLargeBody(request, response);
      if (!answered) response.end();
    });
    return { answered, answer };
  }

  it('that says it is too large is refused as a problem, with a request id', async () => {
    const { answered, answer } = await refused('262145');
    expect(answered).toBe(true);
    expect(answer.statusCode).toBe(413);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is heard to its end, so that whoever still sends it gets the answer', async () => {
    const server = createServer((request, response) => {
      edge.refuseLargeBody(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const body = Buffer.alloc(8 * 1024 * 1024, 'a');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(`POST / HTTP/1.1\r\nhost: here\r\ncontent-length: ${body.length}\r\n\r\n`);
    let answer = '';
    socket.once('data', () => socket.write(body));
    const ended = new Promise<string>((resolve, reject) => {
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      socket.on('error', reject).on('end', () => resolve(answer));
    });
    expect(await ended).toMatch(/^HTTP\/1\.1 413 /);
    expect(socket.bytesWritten).toBeGreaterThan(body.length);
    expect(socket.writableLength).toBe(0);
  });

  it.each(['0', undefined])('of length %s goes on', async (length) => {
    expect((await refused(length)).answered).toBe(false);
  });
});
