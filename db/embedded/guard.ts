import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { EmbeddedPostgresError } from './errors';

/**
 * Holds a data directory for one launcher.
 *
 * A socket rather than a lock file: the system closes it when its process dies in whatever way, so
 * a file left behind answers nobody and is known to be stale. PostgreSQL's own `postmaster.pid`
 * cannot tell a server that is in use from an orphan.
 */
export interface Guard {
  release(): Promise<void>;
}

/** The process id of the launcher that answers at `path`; undefined when nobody does. */
function holder(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let answer = '';
    socket.setTimeout(1000, () => socket.destroy());
    socket.once('error', () => resolve(undefined));
    socket.once('connect', () => socket.once('close', () => resolve(answer || 'unknown')));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
  });
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.on('error', () => {}).end(String(process.pid)));
    server.once('error', reject);
    server.listen(path, () => resolve(server.unref()));
  });
}

/**
 * Take the data directory.
 * @param path where the guard's socket lies
 * @throws EmbeddedPostgresError `already_running`, with the process that has it
 */
export async function takeGuard(path: string, dataDir: string): Promise<Guard> {
  const pid = await holder(path);
  if (pid !== undefined) throw inUse(dataDir, `process ${pid}`);
  rmSync(path, { force: true });
  const server = await listen(path).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EADDRINUSE' ? inUse(dataDir, 'another process') : cause;
  });
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

function inUse(dataDir: string, by: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'already_running',
    `Tenantry is already running on ${dataDir} (${by}). Stop it first, or set DATA_DIR to another place.`,
  );
}
