import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { testCertificate, testKey } from './certificate';

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const stopped = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

export interface WebhookReceiver {
  readonly url: string;
  readonly received: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** What it answers. */
  answer: { status: number; location?: string };
  stop(): Promise<void>;
}

/** Somebody who takes webhooks in, by HTTP on loopback. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const server = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { status, location } = receiver.answer;
    receiver.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(status, location ? { location } : {}).end();
  });
  const port = await listen(server);
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/events`,
    received: [],
    answer: { status: 204 },
    stop: async () => {
      server.closeAllConnections();
      await stopped(server);
    },
  };
  return receiver;
}

export interface SyslogReceiver {
  readonly port: number;
  /** Messages, each without the count that stood before it. */
  readonly messages: string[];
  stop(): Promise<void>;
}

/** The messages in a stream of octet-counted frames (RFC 5425, 4.3). */
function unframe(octets: Buffer): string[] {
  const messages: string[] = [];
  let at = 0;
  while (at < octets.length) {
    const space = octets.indexOf(' ', at);
    const length = Number(octets.subarray(at, space).toString());
    messages.push(octets.subarray(space + 1, space + 1 + length).toString());
    at = space + 1 + length;
  }
  return messages;
}

/** A collector of syslog over TLS, on loopback, with the certificate beside this file. */
export async function startSyslogReceiver(): Promise<SyslogReceiver> {
  const messages: string[] = [];
  const server = createTlsServer({ key: testKey, cert: testCertificate }, (socket) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => messages.push(...unframe(Buffer.concat(chunks))));
    socket.on('error', () => {});
  });
  const port = await listen(server);
  return { port, messages, stop: () => stopped(server) };
}
