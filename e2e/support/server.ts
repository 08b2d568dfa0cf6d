import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@/cli/start/ports';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export type PartName = 'web' | 'emulators' | 'postgres' | 'supervisor';

export interface ServerOptions {
  /** Kept after the stop when given, else a directory of its own that is removed. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface TestServer {
  /** Address of the product. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Everything it has said so far. */
  output(): string;
  /** Process id of a part, or undefined while it is not there. */
  pid(part: PartName): number | undefined;
  /** End a part in a way that it cannot notice. */
  kill9(part: PartName): void;
  /** As Ctrl-C does; resolves with the exit code when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Settles when it is gone, whoever ended it. */
  readonly exited: Promise<number | null>;
}

/** Milliseconds; a first start on a busy machine makes a database and the demo's people. */
const startLimit = 270_000;

const marks: Readonly<Record<Exclude<PartName, 'supervisor'>, RegExp>> = {
  web: /cli\/web\.mjs/,
  emulators: /emulators\/main\.ts/,
  postgres: /native\/bin\/postgres -D/,
};

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** All processes of this machine. */
export function processes(): Process[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    // A zombie has ended; it only waits for its parent to look.
    if (!pid || !command || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** The very command that `npm start` runs. */
export function startCommand(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start.replace(/^exec /, '').split(' ');
}

/** A data directory of one's own. As root the database runs as another user, who has to get through. */
export function newDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-e2e-'));
  chmodSync(dataDir, 0o755);
  return dataDir;
}

/** The environment without what would lead the product to other parts than its own. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const foreign =
    /^(?:DATABASE_|GOOGLE_|MICROSOFT_|SLACK_|AUTH_|INNGEST_|SMTP_|TENANTRY_|npm_|APP_URL$|NODE_ENV$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return Object.fromEntries(kept) as NodeJS.ProcessEnv;
}

/** Start the product as `npm start` does, without waiting for it. */
export function launch(options: Required<ServerOptions>): ChildProcess & { output(): string } {
  const [program = '', ...args] = startCommand();
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd: root,
    env: {
      ...ownEnvironment(),
      PORT: String(options.port),
      DATA_DIR: options.dataDir,
      // As under npm: it stops when we, its parent, are gone.
      npm_lifecycle_event: 'start',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  }
  return Object.assign(child, { output: () => said });
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
  });

async function untilReady(
  child: ChildProcess & { output(): string },
  exited: Promise<number | null>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const ready = new Promise<void>((resolve) => {
    const look = () => {
      if (child.output().includes('Tenantry is ready')) resolve();
    };
    child.stdout?.on('data', look);
    look();
  });
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Not ready in time:\n${child.output()}`)),
      startLimit,
    );
  });
  const ended = exited.then((code) => {
    throw new Error(`It ended with code ${code}:\n${child.output()}`);
  });
  try {
    await Promise.race([ready, late, ended]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Start the product, production build and all, on a port and a data directory of its own.
 * @throws Error with what it said when it does not get ready
 */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const port = options.port ?? (await freePort());
  const dataDir = options.dataDir ?? newDataDir();
  const child = launch({ port, dataDir, env: options.env ?? {} });
  const exited = exitOf(child);
  await untilReady(child, exited);
  const pid = (part: PartName) => {
    if (part === 'supervisor') return child.pid;
    return processes().find(
      ({ parent, command }) => parent === child.pid && marks[part].test(command),
    )?.pid;
  };
  return {
    url: `http://localhost:${port}`,
    port,
    dataDir,
    output: child.output,
    pid,
    kill9(part) {
      const id = pid(part);
      if (id === undefined) throw new Error(`There is no ${part}.`);
      process.kill(id, 'SIGKILL');
    },
    async stop(signal = 'SIGINT') {
      child.kill(signal);
      const code = await exited;
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
    exited,
  };
}
