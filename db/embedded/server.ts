import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Account, requireReach, serverAccount, serverEnvironment } from './account';
import { type Binaries, findBinaries } from './binaries';
import { createCluster, SUPERUSER, superuserPassword } from './cluster';
import {
  checkCluster,
  clusterOwner,
  makePrivate,
  prepareDataDir,
  socketDirectory,
} from './directories';
import { EmbeddedPostgresError } from './errors';
import { takeGuard } from './guard';
import { clearOrphan, isReady, shutDown } from './postmaster';

export interface EmbeddedOptions {
  /** Absolute or relative to the working directory; the cluster lies in `<dataDir>/postgres`. */
  readonly dataDir: string;
  /** Receives the server's log, line by line. */
  readonly log?: (line: string) => void;
  /** Server settings on top of ours, e.g. `{ fsync: 'off' }`; the socket is always there. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedServer {
  /** The superuser's login to the database `postgres`. Keep it to migrations and the doctor. */
  readonly url: string;
  /** Directory of the server's unix socket. */
  readonly socketDir: string;
  /** Process id of the postmaster. */
  readonly pid: number;
  /** Settles when the server is gone, by `stop` or otherwise; `true` when it was stopped. */
  readonly exited: Promise<boolean>;
  /** Fast shutdown: open transactions are rolled back, the data is left clean. */
  stop(): Promise<void>;
}

/** Milliseconds to wait for a start, crash recovery included. */
const START_LIMIT = 60_000;
const POLL = 10;

const defaults: Readonly<Record<string, string>> = {
  listen_addresses: '',
  max_connections: '200',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  log_min_messages: 'warning',
};

/** A login over the server's socket, which is named after the port. */
export function socketUrl(
  user: string,
  password: string,
  socketDir: string,
  database: string,
  port = '5432',
): string {
  const url = new URL(`postgres://localhost:${port}/${database}`);
  url.username = user;
  url.password = password;
  url.searchParams.set('host', socketDir);
  return url.href;
}

/** Who may connect, and how: with a password, from this machine. */
const accessRules = ['local all all scram-sha-256', 'host all all 127.0.0.1/32 scram-sha-256', ''];

function launch(
  binaries: Binaries,
  account: Account,
  cluster: string,
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  const args = [
    '-D',
    cluster,
    ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
  ];
  // With setpriv the kernel stops the server when we are killed; elsewhere the next start does.
  const tethered = spawnSync('setpriv', ['--pdeathsig', 'INT', 'true']).status === 0;
  const [program, ...rest] = tethered
    ? ['setpriv', '--pdeathsig', 'INT', binaries.postgres, ...args]
    : [binaries.postgres, ...args];
  return spawn(program as string, rest, {
    uid: account.uid,
    gid: account.gid,
    cwd: cluster,
    env: serverEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A session of its own: Ctrl-C in the terminal must reach us first, not the database.
    detached: true,
  });
}

/** Keep the last lines of the log for the error message, and hand each line on. */
function followLog(child: ChildProcess, log: (line: string) => void): () => string {
  const tail: string[] = [];
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (tail.push(line) > 20) tail.shift();
      log(line);
    }
  });
  return () => [...tail, rest].join('\n').trim();
}

async function untilReady(child: ChildProcess, cluster: string): Promise<boolean> {
  const pid = child.pid;
  const deadline = performance.now() + START_LIMIT;
  while (pid !== undefined && child.exitCode === null && child.signalCode === null) {
    if (isReady(cluster, pid)) return true;
    if (performance.now() > deadline) return false;
    await delay(POLL);
  }
  return false;
}

interface Running {
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
}

async function startPostmaster(
  binaries: Binaries,
  account: Account,
  cluster: string,
  settings: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<Running> {
  const deadline = performance.now() + START_LIMIT;
  for (;;) {
    const child = launch(binaries, account, cluster, settings);
    const said = followLog(child, log);
    const exited = new Promise<void>((done) => {
      child.once('error', () => done());
      child.once('close', () => done());
    });
    if (await untilReady(child, cluster)) return { child, exited };
    if (child.pid !== undefined && child.exitCode === null) await shutDown(child.pid, exited);
    await exited;
    // Backends of a killed postmaster notice within moments; until then the data is theirs.
    const inUse = /still in use|lock file ".*" already exists/.test(said());
    if (!inUse || performance.now() > deadline) {
      throw new EmbeddedPostgresError('start_failed', `PostgreSQL did not start. ${said()}`);
    }
    await delay(100);
  }
}

/**
 * Start the packaged PostgreSQL over `<dataDir>/postgres`, making the cluster on first use.
 *
 * Listens on a unix socket in a private directory only, with passwords. Whatever a killed
 * predecessor left (an orphaned server, a stale pid file, a log to recover from) is dealt with.
 *
 * @throws EmbeddedPostgresError whose message says what to do
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataDir = resolve(options.dataDir);
  const cluster = join(dataDir, 'postgres');
  const binaries = findBinaries();
  prepareDataDir(dataDir);
  const account = serverAccount(clusterOwner(cluster));
  requireReach(account, binaries.postgres);
  requireReach(account, dataDir);
  if (existsSync(cluster)) checkCluster(cluster, account, binaries.major);
  const socketDir = socketDirectory(dataDir);
  makePrivate(socketDir, account);

  const guard = await takeGuard(join(socketDir, 'launcher'), dataDir);
  try {
    if (!existsSync(cluster)) createCluster(binaries, account, cluster);
    await clearOrphan(cluster);
    const password = superuserPassword(
      binaries,
      account,
      cluster,
      join(dataDir, 'postgres-password'),
    );
    writeFileSync(join(cluster, 'pg_hba.conf'), accessRules.join('\n'));
    const settings = { ...defaults, unix_socket_directories: socketDir, ...options.settings };
    const { child, exited } = await startPostmaster(
      binaries,
      account,
      cluster,
      settings,
      options.log ?? (() => {}),
    );
    let stopping = false;
    return {
      url: socketUrl(SUPERUSER, password, socketDir, 'postgres', options.settings?.port),
      socketDir,
      pid: child.pid as number,
      exited: exited.then(() => guard.release()).then(() => stopping),
      async stop() {
        stopping = true;
        if (child.exitCode === null && child.signalCode === null) {
          await shutDown(child.pid as number, exited);
        }
        await exited;
        await guard.release();
      },
    };
  } catch (error) {
    await guard.release();
    throw error;
  }
}
