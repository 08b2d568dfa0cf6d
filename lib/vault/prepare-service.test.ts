import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { type TestService, transitService } from './testing/kms/services';

const database = testDatabase();
const binding = { kind: 'mail', subjectId: newId<never>(), generation: 1 } as const;
const directory = mkdtempSync(join(tmpdir(), 'tenantry-vault-'));
const tokenFile = join(directory, 'token');
let service: TestService;
let address: string;

beforeAll(async () => {
  service = await transitService();
  address = service.key().id;
  writeFileSync(tokenFile, 'hvs.example\n');
});
afterEach(async () => {
  service.server.fault = 'none';
  vi.unstubAllEnvs();
  await database.owner.query('delete from vault_state; delete from tenant_keys');
});
afterAll(async () => {
  await service.stop();
  rmSync(directory, { recursive: true });
});

/** The vault as a process finds it that has just started, in production and with a key service. */
async function start(settings: Record<string, string> = {}) {
  vi.stubEnv('TENANTRY_MODE', 'production');
  vi.stubEnv('KEY_ENCRYPTION_KEY', address);
  vi.stubEnv('VAULT_TOKEN_FILE', tokenFile);
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  vi.resetModules();
  delete (globalThis as unknown as Record<symbol, unknown>)[Symbol.for('tenantry.vault')];
  const vault = await import('.');
  return { vault, state: await vault.prepareVault() };
}

describe('a start with a key in a service', () => {
  it('needs no file, and a later one opens what it sealed', async () => {
    const tenant = await database.createTenant();
    const first = await start();
    const sealed = await withTenant(tenant, (tx) => first.vault.seal(tx, tenant, binding, 'text'));
    const { vault, state } = await start();
    expect(state).toBe('proven');
    expect(await withTenant(tenant, (tx) => vault.open(tx, tenant, binding, sealed))).toBe('text');
  });

  it('serves during an outage, is not ready until the key was proven, and then stays so', async () => {
    await start();
    service.server.fault = 'broken';
    const { vault, state } = await start();
    expect(state).toBe('unproven');
    await expect(vault.vaultAnswers()).rejects.toMatchObject({ fault: 'key_service_unavailable' });
    service.server.fault = 'none';
    await vault.vaultAnswers();
    service.server.fault = 'broken';
    await vault.vaultAnswers();
  });

  it('asks the service once, however often it is asked whether it is ready', async () => {
    const { vault } = await start();
    await vault.vaultAnswers();
    const before = service.server.calls.length;
    for (let probe = 0; probe < 10; probe += 1) await vault.vaultAnswers();
    expect(service.server.calls.length).toBe(before);
  });

  it('is refused where the service refuses, and over nothing during an outage', async () => {
    await start();
    service.server.fault = 'disabled';
    await expect(start()).rejects.toMatchObject({ fault: 'key_refused' });
    await database.owner.query('delete from vault_state');
    service.server.fault = 'broken';
    await expect(start()).rejects.toMatchObject({ fault: 'key_service_unavailable' });
    const { rowCount } = await database.owner.query('select from vault_state');
    expect(rowCount).toBe(0);
  });

  it('is refused with another key than the one that was sealed with, naming both', async () => {
    await start();
    const other = address.replace('/tenantry', '/other');
    await expect(start({ KEY_ENCRYPTION_KEY: other })).rejects.toMatchObject({
      fault: 'key_wrong',
      message: expect.stringContaining(address),
    });
  });

  it('is refused when a file is named beside it, unless as the one before', async () => {
    await expect(start({ KEY_FILE: join(directory, 'key') })).rejects.toMatchObject({
      fault: 'key_malformed',
      message: expect.stringContaining('KEY_ENCRYPTION_KEY_PREVIOUS'),
    });
  });
});
