import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { sendToBucket } from './bucket';
import { sendSyslog } from './syslog';
import { testCertificate, testKey } from './testing/certificate';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Somebody's server, and when its connection ended. */
async function serve(listener: RequestListener) {
  let closed: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const server = createServer(listener);
  server.on('connection', (socket) => socket.once('close', () => closed()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const target = {
    ...{ bucket: 'logs', region: 'eu-central-1', prefix: '' },
    ...{ accessKeyId: 'a', secretAccessKey: 's', endpoint: `http://127.0.0.1:${port}` },
  };
  return { target, gone };
}

describe('a bucket', () => {
  it.each([200, 403])('that does not stop talking (%i) is cut short', async (status) => {
    const { target, gone } = await serve((_request, response) => {
      response.writeHead(status);
      const piece = Buffer.alloc(16 * 1024, 'x');
      const on = () => {
        while (!response.destroyed && response.write(piece));
        response.once('drain', on);
      };
      on();
    });
    await expect(sendToBucket(target, 'x', 'x')).rejects.toMatchObject({
      name: 'DeliveryError',
      message: 'It answers at too great a length.',
    });
    await gone;
  });

  it.each<[string, RequestListener]>([
    ['never answers', () => {}],
    ['never ends its answer', (_request, response) => response.writeHead(200).write('x')],
    [
      'wants us to wait for another attempt',
      (_request, response) => response.writeHead(503, { 'retry-after': '600' }).flushHeaders(),
    ],
  ])('that %s is given up', async (_what, listener) => {
    const { target, gone } = await serve(listener);
    const bounds = { milliseconds: 1_500, bytes: 1_000 };
    await expect(sendToBucket(target, 'x', 'x', bounds)).rejects.toMatchObject({
      name: 'DeliveryError',
      message: expect.stringContaining('does not answer in time'),
    });
    await gone;
  });
});

describe('a bucket’s server', () => {
  it('that nobody runs is named as such, as with every other stream', async () => {
    const { target } = await serve(() => {});
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await expect(sendToBucket(target, 'x', 'x')).rejects.toMatchObject({
      name: 'DeliveryError',
      message: 'Nobody listens there.',
    });
  });
});

describe('a collector of syslog', () => {
  it('that dribbles for ever is given up', async () => {
    const server = createTlsServer(
      { key: testKey, cert: testCertificate, allowHalfOpen: true },
      (socket) => {
        socket.on('error', () => {});
        const dribble = setInterval(() => socket.write('x'), 20);
        socket.once('close', () => clearInterval(dribble));
        socket.resume();
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as AddressInfo;
    const target = { host: 'localhost', port, authority: testCertificate.trim() };
    await expect(sendSyslog(target, 'x', [], 250)).rejects.toMatchObject({
      name: 'DeliveryError',
      message: 'It takes too long.',
    });
  });
});
