import { randomInt } from 'node:crypto';
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

/**
 * Where free ports are looked for: below those that systems give to outgoing connections (Linux from
 * 32768, others from 49152 as RFC 6335, 8.1.2, has it). One of those may be taken again at any time
 * before somebody listens there.
 */
const [lowest, beyond] = [20_000, 32_768];
const tries = 100;

/**
 * A port of both loopback addresses that is free now.
 * @param except ports that are spoken for, though nobody listens there yet
 * @throws Error when none was found
 */
export async function freePort(except: ReadonlySet<number> = new Set()): Promise<number> {
  for (let tried = 0; tried < tries; tried += 1) {
    const port = randomInt(lowest, beyond);
    if (except.has(port)) continue;
    const faults = await Promise.all(loopback.map((host) => fault(host, port)));
    // A machine without IPv6 has the other address alone.
    const usable = [undefined, 'EADDRNOTAVAIL', 'EAFNOSUPPORT'];
    if (faults.includes(undefined) && faults.every((each) => usable.includes(each))) return port;
  }
  throw new Error(`No port is free between ${lowest} and ${beyond}.`);
}
