import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import { holdTestKeyFile } from '@/lib/vault/testing';
import { connect, testGoogle, testMember } from './testing';
import { nextLine, startProcess } from './testing/process';

const account = 'olivia@northwind.example';
const google = testGoogle({ seed: { amounts: { [account]: { messages: 1, files: 1 } } } });
const database = testDatabase();
const directory = mkdtempSync(join(tmpdir(), 'tenantry-processes-'));
const keyFile = join(directory, 'kek');
beforeAll(() => {
  holdTestKeyFile(keyFile);
});
afterAll(() => rmSync(directory, { recursive: true }));

const start = (...parameters: string[]) =>
  startProcess('refresh-process.ts', parameters, {
    KEY_FILE: keyFile,
    DATABASE_APP_URL: database.urls.app,
    TENANT_CONTEXT_KEY: database.urls.contextKey,
    GOOGLE_EMULATOR_URL: google.url,
  });

it('a refresh is one at the provider when two processes want it at the same time', {
  timeout: 60_000,
}, async () => {
  const context = await testMember(database);
  const connectionId = await connect(context, account);
  await database.owner.query('update credentials set access_expires_at = now()');
  google.clearRequests();
  google.fault({ path: '/token', delay: 300 });
  const processes = [1, 2].map(() => start(context.tenantId, connectionId));
  for (const one of processes) expect(await nextLine(one)).toBe('ready');
  const ended = processes.map(({ child }) => once(child, 'exit'));
  for (const { child } of processes) child.stdin.write('go\n');
  const tokens = await Promise.all(processes.map(nextLine));
  await Promise.all(ended);
  expect(new Set(tokens).size).toBe(1);
  expect(tokens[0]).toMatch(/^token ya29\./);
  expect(google.requests({ path: '/token' })).toHaveLength(1);
});
