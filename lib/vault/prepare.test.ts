import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';

const database = testDatabase();
const binding = { kind: 'mail', subjectId: newId<never>(), generation: 1 } as const;
let directory: string;
let keyFile: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tenantry-vault-'));
  keyFile = join(directory, 'keys', 'kek');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
  await database.owner.query('delete from vault_state; delete from tenant_keys');
});

/** The vault as a process finds it that has just started. */
async function start(settings: Record<string, string> = {}) {
  vi.stubEnv('KEY_FILE', keyFile);
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  vi.resetModules();
  const slot = Symbol.for('tenantry.vault');
  delete (globalThis as unknown as Record<symbol, unknown>)[slot];
  const { env } = await import('@/lib/env');
  expect(env.KEY_FILE).toBe(keyFile);
  const vault = await import('.');
  await vault.prepareVault();
  return vault;
}

describe('the first start', () => {
  it('makes a key file that only we may read', async () => {
    await start();
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'keys')).mode & 0o777).toBe(0o700);
    expect(Buffer.from(readFileSync(keyFile, 'utf8').trim(), 'base64url')).toHaveLength(32);
  });

  it('takes over the file of a start that did not finish', async () => {
    await start();
    const before = readFileSync(keyFile, 'utf8');
    await database.owner.query('delete from vault_state');
    await start();
    expect(readFileSync(keyFile, 'utf8')).toBe(before);
  });

  it('is refused over sealed data that lost its mark', async () => {
    const tenant = await database.createTenant();
    const { seal } = await start();
    await withTenant(tenant, (tx) => seal(tx, tenant, binding, 'text'));
    await database.owner.query('delete from vault_state');
    await expect(start()).rejects.toMatchObject({ fault: 'key_state_missing' });
  });
});

describe('a later start', () => {
  it('opens what an earlier one sealed', async () => {
    const tenant = await database.createTenant();
    const first = await start();
    const sealed = await withTenant(tenant, (tx) => first.seal(tx, tenant, binding, 'text'));
    const second = await start();
    expect(await withTenant(tenant, (tx) => second.open(tx, tenant, binding, sealed))).toBe('text');
  });

  it('is refused without the key file, and makes no new one', async () => {
    await start();
    rmSync(keyFile);
    await expect(start()).rejects.toMatchObject({ fault: 'key_missing' });
    expect(existsSync(keyFile)).toBe(false);
  });

  it('is refused with another key, naming both and leaving the file alone', async () => {
    await start();
    const other = Buffer.alloc(32, 7).toString('base64url');
    writeFileSync(keyFile, other);
    await expect(start()).rejects.toMatchObject({
      fault: 'key_wrong',
      message: expect.stringMatching(/local-[0-9a-f]{16}.*local-[0-9a-f]{16}/),
    });
    expect(readFileSync(keyFile, 'utf8')).toBe(other);
  });

  it('is refused when others may read the key file', async () => {
    await start();
    chmodSync(keyFile, 0o640);
    await expect(start()).rejects.toMatchObject({
      fault: 'key_exposed',
      message: expect.stringContaining('chmod 600'),
    });
  });

  it('is refused with a damaged key file', async () => {
    await start();
    writeFileSync(keyFile, 'short');
    await expect(start()).rejects.toMatchObject({ fault: 'key_malformed' });
  });
});

describe('production', () => {
  it('refuses a local key file', async () => {
    await expect(start({ TENANTRY_MODE: 'production' })).rejects.toMatchObject({
      fault: 'key_not_allowed',
    });
  });

  it('takes one on explicit demand', async () => {
    await start({ TENANTRY_MODE: 'production', ALLOW_LOCAL_KEY_FILE: '1' });
    expect(existsSync(keyFile)).toBe(true);
  });
});
