import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type EmbeddedServer, startEmbedded } from './index';

const root = process.geteuid?.() === 0;
const launcher = fileURLToPath(new URL('testing/launcher.ts', import.meta.url));

let base: string;
/** A stopped server's data directory with a table in it. */
let dataDir: string;

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const kept = (server: { url: string }) => query(server.url, 'select answer from kept');

async function start(directory: string): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDir: directory });
  onTestFinished(() => server.stop());
  return server;
}

interface Launched {
  readonly child: ChildProcess;
  readonly said: { url: string; pid: number; fault?: string; message?: string };
}

/** Start a server from another process, as another user if asked. */
async function launch(
  directory: string,
  account?: { uid: number; gid: number },
): Promise<Launched> {
  const child = spawn(process.execPath, ['--import', 'tsx', launcher, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { NODE_ENV: 'test', PATH: '/usr/bin:/bin', TMPDIR: join(base, 'tmp'), HOME: base },
    ...account,
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const line = await Promise.race([
    once(lines, 'line').then(([first]) => String(first)),
    once(child, 'exit').then(([code]) => `{"fault":"exit ${code}"}`),
  ]);
  return { child, said: JSON.parse(line) };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'embedded-'));
  chmodSync(base, 0o755);
  mkdirSync(join(base, 'tmp'));
  chmodSync(join(base, 'tmp'), 0o777);
  dataDir = join(base, 'data');
  const server = await startEmbedded({ dataDir });
  await query(server.url, 'create table kept as select 42 as answer');
  await server.stop();
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('a start', () => {
  it('keeps the password to its owner, and listens on no network', async () => {
    const server = await start(dataDir);
    expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
    expect(statSync(server.socketDir).mode & 0o777).toBe(0o700);
    expect(await query(server.url, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('finds the data of the last one, and takes settings', async () => {
    const server = await startEmbedded({ dataDir, settings: { work_mem: '7MB' } });
    onTestFinished(() => server.stop());
    expect(await kept(server)).toEqual([{ answer: 42 }]);
    expect(await query(server.url, 'show work_mem')).toEqual([{ work_mem: '7MB' }]);
  });

  it('is refused while another has the directory, and says which', async () => {
    await start(dataDir);
    await expect(startEmbedded({ dataDir })).rejects.toMatchObject({
      fault: 'already_running',
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  it('makes a new password when the file is gone, and keeps the data', async () => {
    rmSync(join(dataDir, 'postgres-password'));
    expect(await kept(await start(dataDir))).toEqual([{ answer: 42 }]);
  });

  it('puts the socket elsewhere when its path would be too long', async () => {
    const long = join(base, 'x'.repeat(80), 'y'.repeat(40));
    mkdirSync(dirname(long));
    renameSync(dataDir, long);
    onTestFinished(() => renameSync(long, dataDir));
    const server = await startEmbedded({ dataDir: long });
    try {
      expect(server.socketDir.startsWith(tmpdir())).toBe(true);
      expect(await kept(server)).toEqual([{ answer: 42 }]);
    } finally {
      await server.stop();
      rmSync(server.socketDir, { recursive: true });
    }
  });
});

describe('after a death', () => {
  it('of the server, the launcher is told and the next start recovers', async () => {
    const server = await startEmbedded({ dataDir });
    await query(server.url, 'create table late as select 1 as n');
    process.kill(server.pid, 'SIGKILL');
    expect(await server.exited).toBe(false);
    const again = await start(dataDir);
    expect(await query(again.url, 'select n from late')).toEqual([{ n: 1 }]);
  });

  it('of the launcher, the next start takes over', async () => {
    const { child, said } = await launch(dataDir);
    await query(said.url, 'create table later as select 2 as n');
    await kill(child);
    const server = await start(dataDir);
    expect(server.pid).not.toBe(said.pid);
    expect(await query(server.url, 'select n from later')).toEqual([{ n: 2 }]);
  });

  it('of everything, a pid file that names some other living process is no hindrance', async () => {
    const cluster = join(dataDir, 'postgres');
    const stale = `${process.pid}\n${cluster}\n1\n5432\n\n\n  0 0\nready\n`;
    writeFileSync(join(cluster, 'postmaster.pid'), stale);
    expect(await kept(await start(dataDir))).toEqual([{ answer: 42 }]);
  });

  it('in the middle of making the data directory, the next start makes it anew', async () => {
    const half = join(base, 'half');
    mkdirSync(join(half, 'postgres.new', 'base'), { recursive: true });
    const server = await start(half);
    expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    expect(existsSync(join(half, 'postgres.new'))).toBe(false);
  });
});

describe('a clear refusal', () => {
  it('when the data was made by a newer PostgreSQL, with nothing changed', async () => {
    const version = join(dataDir, 'postgres', 'PG_VERSION');
    const found = readFileSync(version, 'utf8');
    onTestFinished(() => writeFileSync(version, found));
    writeFileSync(version, '99\n');
    await expect(startEmbedded({ dataDir })).rejects.toMatchObject({ fault: 'newer_data' });
    expect(readFileSync(version, 'utf8')).toBe('99\n');
  });

  it('when the directory cannot be written', async () => {
    const file = join(base, 'a-file');
    writeFileSync(file, '');
    await expect(startEmbedded({ dataDir: join(file, 'data') })).rejects.toMatchObject({
      fault: 'not_writable',
      message: expect.stringContaining('DATA_DIR'),
    });
  });

  it.runIf(root)(
    'when, as root, the server may not enter a parent: it names that one',
    async () => {
      const closed = join(base, 'closed');
      mkdirSync(closed, { mode: 0o700 });
      await expect(startEmbedded({ dataDir: join(closed, 'data') })).rejects.toMatchObject({
        fault: 'not_traversable',
        message: expect.stringContaining(closed),
      });
    },
  );

  it.runIf(root)("when the data is another user's", async () => {
    chownSync(dataDir, 1, 1);
    onTestFinished(() => chownSync(dataDir, 0, 0));
    const { said } = await launch(dataDir, { uid: 1, gid: 1 });
    expect(said.fault).toBe('foreign_owner');
    expect(said.message).toContain(join(dataDir, 'postgres'));
  });
});

describe.runIf(root)('as an ordinary user', () => {
  const nobody = { uid: 65534, gid: 65534 };

  it('makes, serves, and lets root take over', async () => {
    const own = join(base, 'ordinary');
    mkdirSync(own);
    chownSync(own, nobody.uid, nobody.gid);
    const { child, said } = await launch(own, nobody);
    expect(said.fault).toBeUndefined();
    expect(await query(said.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await kill(child);
    const server = await start(own);
    expect(statSync(join(own, 'postgres')).uid).toBe(nobody.uid);
    expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });
});
