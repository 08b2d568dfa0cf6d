import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket, type TLSSocketOptions, type TlsOptions } from 'node:tls';
import { Frames } from '@/db/testing/frames';

const SSL_REQUEST = 80_877_103;

/** What stands between clients and the server. */
export interface Between {
  /** The same login as given, by way of it. */
  readonly url: string;
  /** Connections that clients have encrypted. */
  encrypted(): number;
  close(): Promise<void>;
}

interface Ways {
  /** Instead of a message of the server's; all are passed on as they are without it. */
  readonly answer?: (message: Buffer) => Buffer;
  /** How connections of clients who ask for it are encrypted. */
  readonly tls?: TLSSocketOptions & Pick<TlsOptions, 'pskCallback'>;
}

/** Where the server listens: its socket in the file system. */
function pathOf(url: string): string {
  const { searchParams, port } = new URL(url);
  return `${searchParams.get('host')}/.s.PGSQL.${port || '5432'}`;
}

/** Start something that stands between clients and the server of this login. */
export async function startBetween(url: string, { answer, tls }: Ways): Promise<Between> {
  const sockets = new Set<Duplex>();
  let encrypted = 0;

  const join = (client: Duplex): Duplex => {
    const server = createConnection(pathOf(url));
    const frames = new Frames(false);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {}).on('close', () => other.destroy());
    }
    client.on('data', (bytes: Buffer) => server.write(bytes));
    server.on('data', (bytes: Buffer) => {
      if (!answer) client.write(bytes);
      else for (const frame of frames.take(bytes)) client.write(answer(frame));
    });
    return server;
  };

  const greet = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('data', (first: Buffer) => {
      if (first.readUInt32BE(4) !== SSL_REQUEST) {
        join(socket).write(first);
        return;
      }
      socket.write('S');
      encrypted += 1;
      join(new TLSSocket(socket, { isServer: true, ...tls }));
    });
  };

  const listener = createServer(greet);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const by = new URL(url);
  by.search = '';
  by.hostname = '127.0.0.1';
  by.port = String((listener.address() as AddressInfo).port);
  return {
    url: by.href,
    encrypted: () => encrypted,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
