import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseKeyAddress } from './key-address';

const directory = mkdtempSync(join(tmpdir(), 'tenantry-address-'));
afterAll(() => rmSync(directory, { recursive: true }));

const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

describe('the name of a key', () => {
  it('is a file', () => {
    const file = join(directory, 'a key');
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 });
    expect(parseKeyAddress(`file:${file}`).load()?.id).toMatch(/^local-[0-9a-f]{16}$/);
    expect(parseKeyAddress(`file://${file}`).file).toBe(file);
  });

  it('is null as a file that is not there', () => {
    expect(parseKeyAddress(`file:${directory}/absent`).load()).toBeNull();
  });

  it.each([
    `aws-kms:${arn}`,
    'gcp-kms:projects/p/locations/europe-west3/keyRings/r/cryptoKeys/k',
    'azure-keyvault:https://vault.vault.azure.net/keys/k',
    'azure-keyvault:https://vault.vault.azure.net/keys/k/0123456789abcdef0123456789abcdef',
    'vault-transit:https://vault.internal:8200/transit/keys/tenantry',
  ])('is %s, and the same names it in the database', (text) => {
    expect(parseKeyAddress(text).load()?.id).toBe(text);
  });

  it('does not change with the way to the service', () => {
    const way = parseKeyAddress(`aws-kms:${arn}?endpoint=https://kms.internal/`);
    expect(way.load()?.id).toBe(`aws-kms:${arn}`);
  });

  it.each([
    'a-word',
    'aws-kms:alias/tenantry',
    'aws-kms:arn:aws:kms:eu-central-1:111122223333:alias/tenantry',
    `aws-kms:${arn}?endpoint=nowhere`,
    'gcp-kms:projects/p/keys/k',
    'azure-keyvault:https://user@vault.vault.azure.net/keys/k',
    'vault-transit:ftp://vault/transit/keys/k',
    'pkcs11:slot',
  ])('is not %s, and the forms there are come with the refusal', (text) => {
    expect(() => parseKeyAddress(text)).toThrow(
      expect.objectContaining({
        fault: 'key_malformed',
        message: expect.stringContaining('vault-transit:https://'),
      }),
    );
  });
});
