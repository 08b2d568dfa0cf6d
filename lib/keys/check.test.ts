import { beforeEach, describe, expect, it } from 'vitest';
import type { TenantContext } from '@/db';
import { testDatabase } from '@/db/testing';
import { holdTestKeyStore, holdTestKeys, newTestKey } from '@/lib/vault/testing';
import { checkKeys, moveKeys } from '.';
import { beginVault, sealTexts } from './testing';
import { besideDatabase } from './testing/backup';

const database = testDatabase();
const kek = newTestKey();
let tenant: TenantContext;

beforeEach(async () => {
  await holdTestKeyStore(null);
  await database.owner.query(
    'truncate tenants, tenant_keys, mails, audit_events cascade; delete from vault_state',
  );
  holdTestKeys(kek);
  tenant = await database.createTenant('Alpha');
});

const problems = async () => (await checkKeys()).findings.map(({ problem }) => problem);

describe('the doctor at the keys', () => {
  it('finds nothing before anything is sealed, nor where all is well', async () => {
    expect(await problems()).toEqual([]);
    await beginVault();
    await sealTexts(tenant, 1);
    await database.createTenant('Beta, without a secret yet');
    expect(await checkKeys()).toMatchObject({
      looked: '1 keys in this database, and every backup of it',
      findings: [],
    });
  });

  it('names a wrapping key that is not configured', async () => {
    await beginVault();
    await sealTexts(tenant, 1);
    holdTestKeys(newTestKey());
    expect(await problems()).toEqual([expect.stringContaining(kek.id)]);
  });

  it('names an organisation whose key is gone and whose secrets are not', async () => {
    await beginVault();
    await sealTexts(tenant, 1);
    await database.owner.query('delete from tenant_keys');
    expect(await problems()).toEqual([expect.stringContaining(tenant.tenantId)]);
  });

  it('says that the store of keys does not answer, is another one, or still has copies here', async () => {
    await beginVault();
    await sealTexts(tenant, 1);
    const store = await besideDatabase(database);
    await holdTestKeyStore(store.url);
    expect(await problems()).toEqual([expect.stringContaining('keys move')]);
    await moveKeys(false);
    expect(await problems()).toEqual([expect.stringContaining('Copies')]);
    await moveKeys(true);
    expect(await problems()).toEqual([]);
    await store.drop();
    await holdTestKeyStore(store.url);
    expect(await problems()).toEqual([expect.stringContaining('does not answer')]);
    await holdTestKeyStore(null);
  });
});
