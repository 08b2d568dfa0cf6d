import { createServer } from 'node:net';
import { StartFailure } from './failure';

/** What `localhost` stands for; a browser may try either. */
const loopback = ['127.0.0.1', '::1'];

/** Why nothing can listen at the address: `EADDRINUSE`, `EACCES` …; undefined when it is free. */
function fault(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Whether another process already listens there. */
export async function portInUse(port: number): Promise<boolean> {
  const faults = await Promise.all(loopback.map((host) => fault(host, port)));
  return faults.includes('EADDRINUSE');
}

/** @throws StartFailure naming the port and the way out */
export async function requirePort(port: number): Promise<void> {
  const faults = await Promise.all(loopback.map((host) => fault(host, port)));
  if (faults.includes('EADDRINUSE')) {
    throw new StartFailure(
      `Port ${port} is already in use by another program. Stop that program, or choose another port: PORT=${port + 1} npm start`,
    );
  }
  if (faults.includes('EACCES')) {
    throw new StartFailure(
      `This user may not use port ${port}. Choose one above 1023: PORT=3000 npm start`,
    );
  }
}

/** A port that is free now, chosen by the system. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
