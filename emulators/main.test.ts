import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MailActions, ProviderClient } from '@/lib/providers';
import { emulatorConfig, googleClient, googleOAuth } from '@/lib/providers/google';
import { RawClient, tids } from './microsoft/testing';
import { connectAs, discovered, refreshTokenOf } from './testing';

const olivia = 'olivia@northwind.example';

let dataDir: string;
let running: ChildProcess[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'emulators-'));
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((process) => kill(process)));
  rmSync(dataDir, { recursive: true });
});

interface Started {
  readonly process: ChildProcess;
  /** Google's. */
  readonly url: string;
  readonly urls: Readonly<Record<string, string>>;
}

/** Start the emulators as their own process and wait for the ready line. */
async function start(...args: string[]): Promise<Started> {
  const process_ = spawn(
    process.execPath,
    ['--import', 'tsx', 'emulators/main.ts', '--data-dir', dataDir, ...args],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  running.push(process_);
  let output = '';
  for await (const chunk of process_.stdout) {
    output += chunk;
    const ready = /^emulators ready (.+)\n/m.exec(output)?.[1];
    const urls = Object.fromEntries(ready?.split(' ').map((pair) => pair.split('=')) ?? []);
    if (urls.google) return { process: process_, url: urls.google, urls };
  }
  throw new Error(`the emulators ended: ${output}`);
}

async function kill(process_: ChildProcess): Promise<void> {
  if (process_.exitCode !== null || process_.signalCode !== null) return;
  const ended = once(process_, 'exit');
  process_.kill('SIGKILL');
  await ended;
}

function clientAt(url: string, accessToken: string): ProviderClient {
  return googleClient(emulatorConfig(url), {
    accessToken: async () => accessToken,
    fetch,
    scopes: [],
  });
}

const mailOf = (client: ProviderClient) => client.mail as MailActions;

describe('after kill -9', () => {
  it('tokens still work and everything that was answered is there', async () => {
    const first = await start();
    const { tokens, client } = await connectAs(first, olivia);
    const label = await mailOf(client).ensureLabel('Before the fall');
    const messageId = '<kept@tenantry.example>';
    await mailOf(client).send({ to: [olivia], subject: 'kept', text: 'kept', messageId });
    await kill(first.process);

    const second = await start();
    const again = mailOf(clientAt(second.url, tokens.accessToken));
    expect(await again.findLabel('Before the fall')).toEqual({ ...label, created: false });
    expect(await again.findSentByMessageId(messageId)).not.toBeNull();
    const oauth = googleOAuth(emulatorConfig(second.url));
    const refreshed = await oauth.refresh(refreshTokenOf(tokens));
    expect(await oauth.account(refreshed.accessToken)).toMatchObject({ email: olivia });
  });

  it('in the middle of many writes, none that was answered is missing', async () => {
    const first = await start();
    const { tokens, client } = await connectAs(first, olivia);
    const answered: string[] = [];
    const write = async (name: string) => {
      await mailOf(client).ensureLabel(name);
      answered.push(name);
      if (answered.length === 10) first.process.kill('SIGKILL');
    };
    const names = Array.from({ length: 40 }, (_, index) => `Label ${index}`);
    const results = await Promise.allSettled(names.map(write));
    expect(results.some(({ status }) => status === 'rejected')).toBe(true);

    const second = await start();
    const found = await discovered(clientAt(second.url, tokens.accessToken));
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(answered));
  });

  it('a line that was not written to its end does not block the start', async () => {
    const first = await start();
    const { tokens } = await connectAs(first, olivia);
    await kill(first.process);
    appendFileSync(join(dataDir, 'emulators', 'google.journal'), '[["labels","olivia@nor');

    const second = await start();
    const label = await mailOf(clientAt(second.url, tokens.accessToken)).ensureLabel('After');
    await kill(second.process);
    const third = await start();
    expect(await mailOf(clientAt(third.url, tokens.accessToken)).findLabel('After')).toEqual({
      ...label,
      created: false,
    });
  });
});

describe('the process', () => {
  it('serves every provider at an address of its own, and keeps what each was told', async () => {
    const first = await start();
    const microsoft = new RawClient(first.urls.microsoft ?? '');
    await microsoft.adminConsent({ email: olivia });
    await kill(first.process);
    const second = await start();
    const again = new RawClient(second.urls.microsoft ?? '');
    expect((await again.appToken(tids.northwind)).status).toBe(200);
    expect(new Set(Object.values(second.urls)).size).toBe(3);
    const page = await (await fetch(`${second.urls.slack}/__`)).text();
    for (const url of [second.urls.google, second.urls.microsoft])
      expect(page).toContain(`${url}/__`);
  });

  it('keeps what it knows to itself', async () => {
    await start();
    const kinds = ['json', 'journal'];
    for (const name of ['google', 'microsoft', 'slack'].flatMap((one) =>
      kinds.map((kind) => `${one}.${kind}`),
    )) {
      expect(statSync(join(dataDir, 'emulators', name)).mode & 0o777).toBe(0o600);
    }
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends cleanly on %s', async (signal) => {
    const { process: process_ } = await start();
    const ended = once(process_, 'exit');
    process_.kill(signal);
    expect(await ended).toEqual([0, null]);
  });

  it('ends when the parent that holds its input is gone', async () => {
    const { process: process_ } = await start('--exit-on-stdin-end');
    const ended = once(process_, 'exit');
    process_.stdin?.destroy();
    expect(await ended).toEqual([0, null]);
  });

  it('says which port is in use, and leaves the state of the one who has it alone', async () => {
    const first = await start();
    const { tokens, client } = await connectAs(first, olivia);
    const port = new URL(first.url).port;
    await expect(start('--google-port', port)).rejects.toThrow('the emulators ended');
    const label = await mailOf(client).ensureLabel('Still mine');
    await kill(first.process);
    const second = await start();
    expect(await mailOf(clientAt(second.url, tokens.accessToken)).findLabel('Still mine')).toEqual({
      ...label,
      created: false,
    });
  });
});
