import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort, portInUse } from '@/cli/start/ports';
import {
  launch,
  newDataDir,
  type PartName,
  processes,
  startServer,
  type TestServer,
} from './support/server';

/** How the product starts, stops, and comes back from whatever is done to it. */

const parts: readonly PartName[] = ['supervisor', 'web', 'emulators', 'postgres'];
const recovery = { timeout: 120_000 };

/** Milliseconds: starts follow upon one another here. */
test.setTimeout(600_000);

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/ready`)).ok;
  } catch {
    return false;
  }
}

/** Process ids of all parts. */
const pidsOf = (server: TestServer): number[] =>
  parts.flatMap((part) => {
    const pid = server.pid(part);
    return pid === undefined ? [] : [pid];
  });

const stillThere = (pids: readonly number[]): number[] => {
  const now = new Set(processes().map(({ pid }) => pid));
  return pids.filter((pid) => now.has(pid));
};

/** A start that is expected to be refused: what it says, and how it ends. */
async function refusedStart(
  dataDir: string,
  options: { readonly port?: number; readonly env?: Record<string, string> } = {},
): Promise<{ readonly code: number | null; readonly said: string }> {
  const port = options.port ?? (await freePort());
  const child = launch({ dataDir, port, env: options.env ?? {} });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said: child.output() };
}

test.describe('a running product', () => {
  test.describe.configure({ mode: 'serial' });
  const dataDir = newDataDir();
  let server: TestServer;

  test.beforeAll(async () => {
    test.setTimeout(300_000);
    server = await startServer({ dataDir });
  });
  test.afterAll(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  for (const part of ['web', 'emulators', 'postgres'] as const) {
    test(`starts its ${part} again after kill -9`, async () => {
      const before = server.pid(part);
      server.kill9(part);
      await expect.poll(() => server.pid(part) ?? before, recovery).not.toBe(before);
      await expect.poll(() => isReady(server.url), recovery).toBe(true);
    });
  }

  test('says so when it is started a second time from the same data directory', async () => {
    const { code, said } = await refusedStart(dataDir);
    expect(code).toBe(1);
    expect(said).toContain(`already runs from ${dataDir}, at ${server.url}`);
    await expect.poll(() => isReady(server.url), recovery).toBe(true);
  });

  test('names the port when another program has it', async () => {
    const other = newDataDir();
    const { code, said } = await refusedStart(other, { port: server.port });
    expect(code).toBe(1);
    expect(said).toContain(`Port ${server.port} is already in use by another program.`);
    rmSync(other, { recursive: true, force: true });
  });

  test('leaves nothing that blocks the next start when the supervisor is killed', async () => {
    // All of them are back from what was done to them above.
    await expect.poll(() => pidsOf(server).length, recovery).toBe(parts.length);
    const pids = pidsOf(server);
    server.kill9('supervisor');
    await expect.poll(() => stillThere(pids), recovery).toEqual([]);
    server = await startServer({ dataDir, port: server.port });
    await expect.poll(() => isReady(server.url), recovery).toBe(true);
  });

  test('stops without a trace on Ctrl-C, and goes on where it was', async () => {
    const secrets = readFileSync(join(dataDir, 'secrets.json'), 'utf8');
    const pids = pidsOf(server);
    expect(await server.stop('SIGINT')).toBe(0);
    expect(stillThere(pids)).toEqual([]);
    expect(await portInUse(server.port)).toBe(false);
    server = await startServer({ dataDir, port: server.port });
    await expect.poll(() => isReady(server.url), recovery).toBe(true);
    expect(server.output()).not.toContain('Demo people');
    expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).toBe(secrets);
  });

  test('is live and no longer ready while it drains', async () => {
    await server.stop();
    // Long enough to be looked at, also where the machine has other things to do.
    server = await startServer({ dataDir, port: server.port, env: { DRAIN_SECONDS: '20' } });
    await expect.poll(() => isReady(server.url), recovery).toBe(true);
    const stopped = server.stop('SIGTERM');
    await expect.poll(() => isReady(server.url), recovery).toBe(false);
    expect((await fetch(`${server.url}/api/health`)).status).toBe(200);
    expect((await fetch(`${server.url}/api/ready`)).status).toBe(503);
    expect(await stopped).toBe(0);
  });

  test('refuses to start without its key file, and makes no new one', async () => {
    const key = join(dataDir, 'keys', 'key-encryption.key');
    renameSync(key, `${key}.away`);
    const { code, said } = await refusedStart(dataDir);
    expect(code).toBe(1);
    expect(said).toContain(key);
    expect(existsSync(key)).toBe(false);
    renameSync(`${key}.away`, key);
  });

  test('refuses a wrong key file', async () => {
    const key = join(dataDir, 'keys', 'key-encryption.key');
    const right = readFileSync(key, 'utf8');
    writeFileSync(key, `${Buffer.alloc(32, 7).toString('base64url')}\n`);
    const { code, said } = await refusedStart(dataDir);
    expect(code).toBe(1);
    expect(said).toContain('put the right file back');
    writeFileSync(key, right);
  });

  test('refuses a data directory of a newer version, and changes nothing', async () => {
    const version = join(dataDir, 'postgres', 'PG_VERSION');
    const right = readFileSync(version, 'utf8');
    writeFileSync(version, '99\n');
    const { code, said } = await refusedStart(dataDir);
    expect(code).toBe(1);
    expect(said).toContain('PostgreSQL 99');
    expect(readFileSync(version, 'utf8')).toBe('99\n');
    writeFileSync(version, right);
    server = await startServer({ dataDir, port: server.port });
  });
});

test('a data directory that cannot be written is named', async () => {
  const { code, said } = await refusedStart('/dev/null/tenantry');
  expect(code).toBe(1);
  expect(said).toContain('/dev/null/tenantry cannot be written');
});

test('a port that is taken on one loopback address only is found', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const dataDir = newDataDir();
  expect((await refusedStart(dataDir, { port })).said).toContain(`Port ${port} is already in use`);
  rmSync(dataDir, { recursive: true, force: true });
  taken.close();
});

test('production refuses what is for a demo', async () => {
  const dataDir = newDataDir();
  const env = { TENANTRY_MODE: 'production', INNGEST_DEV: '1' };
  const { code, said } = await refusedStart(dataDir, { env });
  expect(code).toBe(1);
  for (const setting of ['APP_URL', 'INNGEST_DEV', 'KEY_FILE', 'DATABASE_URL']) {
    expect(said).toContain(`${setting}: `);
  }
  rmSync(dataDir, { recursive: true, force: true });
});
