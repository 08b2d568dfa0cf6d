import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantContext } from '@/db';
import { testDatabase } from '@/db/testing';
import { beginVault, openText, sealTexts } from '@/lib/keys/testing';
import { holdTestKeyFile } from '@/lib/vault/testing';
import { keys } from './keys';

const root = fileURLToPath(new URL('..', import.meta.url));
const database = testDatabase();
const directory = mkdtempSync(join(tmpdir(), 'tenantry-keys-'));
const first = join(directory, 'first.key');
const second = join(directory, 'second.key');
let tenant: TenantContext;
let ids: string[];

beforeAll(async () => {
  holdTestKeyFile(first);
  await beginVault();
  tenant = await database.createTenant('Alpha & Sons');
  ids = await sealTexts(tenant, 350);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** The command as an operator types it, in a process of its own. */
function start(args: readonly string[], key: Record<string, string>) {
  const { contextKey, ...logins } = database.urls;
  const urls = Object.entries(logins).map(([role, url]) => [
    `DATABASE_${role.toUpperCase()}_URL`,
    url,
  ]);
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/tenantry.ts', 'keys', ...args], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      DATA_DIR: directory,
      TENANT_CONTEXT_KEY: contextKey,
      ...Object.fromEntries(urls),
      ...key,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, said }));
  return { child, ended };
}

const run = (args: readonly string[], key: Record<string, string> = { KEY_FILE: first }) =>
  start(args, key).ended;

const both = {
  KEY_ENCRYPTION_KEY: `file:${second}`,
  KEY_ENCRYPTION_KEY_PREVIOUS: `file:${first}`,
};

const sealedUnderOlder = async (): Promise<number> => {
  const { rows } = await database.owner.query<{ count: number }>(
    `select count(*)::int as count from mails m
      where position(convert_to((select id::text from tenant_keys k where k.tenant_id = m.tenant_id
                                  order by generation desc limit 1), 'UTF8') in decode(sealed_body, 'base64')) = 0`,
  );
  return rows[0]?.count ?? -1;
};

describe('keys', () => {
  it('says how they stand, for people and for programs', async () => {
    const { code, said } = await run(['status']);
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('All is well.') });
    const { said: json } = await run(['status', '--json']);
    expect(JSON.parse(json)).toMatchObject({ place: 'inside', generations: { 1: 1 } });
  });

  it('makes a file, and never over another', async () => {
    expect((await run(['make-file', second])).code).toBe(0);
    expect(statSync(second).mode & 0o777).toBe(0o600);
    expect((await run(['make-file', second])).code).toBe(1);
  });

  it('says what is left to do before and after another wrapping key is configured', async () => {
    const before = await run(['status'], both);
    expect(before).toEqual({ code: 2, said: expect.stringContaining('keys rotate --wrapping') });
    const rotated = await run(['rotate', '--wrapping'], both);
    expect(rotated).toEqual({ code: 0, said: expect.stringContaining('1 key wrapped anew') });
    expect((await run(['status'], both)).code).toBe(0);
    const forgotten = await run(['status']);
    expect(forgotten).toEqual({ code: 2, said: expect.stringContaining('NOT AT HAND') });
  });

  it('killed in the middle of an exchange, goes on where it was', async () => {
    // It comes to the last one, and no further.
    await database.owner.query('begin');
    await database.owner.query('select from mails order by id desc limit 1 for update');
    const { child, ended } = start(['rotate', '--tenant-keys'], both);
    await expect.poll(sealedUnderOlder).toSatisfy((left: number) => left > 0 && left < ids.length);
    child.kill('SIGKILL');
    await ended;
    await database.owner.query('rollback');
    expect(await run(['status'], both)).toEqual({
      code: 2,
      said: expect.stringContaining('has not ended'),
    });
    const again = await run(['rotate', '--tenant-keys'], both);
    expect(again).toEqual({ code: 0, said: expect.stringContaining('0 organisations got a new') });
    expect(await sealedUnderOlder()).toBe(0);
  });

  it.each([
    [['rotate'], '--wrapping, --tenant-keys'],
    [['rotate', '--wrapping', '--tenant', 'x'], 'one for all'],
    [['rotate', '--tenant-keys', '--tenant', 'x'], 'no organisation'],
    [['shred'], '--tenant <id>'],
    [['polish'], 'There is no command keys polish'],
    [['status', '--loud'], '--loud'],
    [['move'], 'KEY_STORE_URL is not set'],
  ])('of %j is refused with what to do', async (args, words) => {
    await expect(keys(args, () => {})).rejects.toThrow(words);
  });

  it('are destroyed only when the organisation is named', async () => {
    const shred = ['shred', '--tenant', tenant.tenantId];
    const asked = await run(shred, both);
    expect(asked).toEqual({ code: 1, said: expect.stringContaining('Nothing was changed') });
    expect((await run([...shred, '--confirm', 'Beta'], both)).code).toBe(1);
    const done = await run([...shred, '--confirm', 'Alpha & Sons'], both);
    expect(done).toEqual({ code: 0, said: expect.stringContaining('its backups still hold them') });
    await expect(openText(tenant, ids[0] ?? '')).rejects.toMatchObject({ fault: 'unreadable' });
  });
});
