import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TenantContext, withTenant } from '@/db';
import { auditEvents } from '@/db/schema';
import { createTestDatabase, type TestDatabase } from '@/db/testing';
import { ApartStore, keyStore } from '@/lib/vault';
import { holdKeyStore } from '@/lib/vault/store';
import { holdTestKeyStore, holdTestKeys, newTestKey } from '@/lib/vault/testing';
import { keyStatus, leftInside, moveKeys, rotateTenantKeys, rotateWrapping, shredKeys } from '.';
import { beginVault, openText, sealTexts } from './testing';
import { backUp, besideDatabase, restore } from './testing/backup';

const kek = newTestKey();
let database: TestDatabase;
let store: Awaited<ReturnType<typeof besideDatabase>>;
let tenant: TenantContext;
let other: TenantContext;
let id: string;
let otherId: string;

beforeAll(() => holdTestKeys(kek));
beforeEach(async () => {
  database = await createTestDatabase();
  store = await besideDatabase(database);
  holdTestKeys(kek);
  await holdTestKeyStore(null);
  await beginVault();
  tenant = await database.createTenant('Alpha');
  other = await database.createTenant('Beta');
  [id = ''] = await sealTexts(tenant, 3);
  [otherId = ''] = await sealTexts(other, 1);
});
afterEach(async () => {
  await holdTestKeyStore(null);
  await store.drop();
  await database.close();
});
afterAll(() => holdTestKeys(newTestKey()));

/** Another installation's database with the rows of a backup, as after a disaster. */
async function restored<T>(backup: Awaited<ReturnType<typeof backUp>>, look: () => Promise<T>) {
  const original = database;
  database = await createTestDatabase();
  await restore(backup, database);
  try {
    return await look();
  } finally {
    await database.close();
    database = original;
  }
}

async function moved(): Promise<void> {
  await holdTestKeyStore(store.url);
  await moveKeys(true);
}

describe('moving the keys to a store of their own', () => {
  it('copies them first, and deletes the copies in the database when told', async () => {
    await holdTestKeyStore(store.url);
    expect(await moveKeys(false)).toMatchObject({ copied: 2, deleted: 0 });
    expect(await leftInside()).toBe(2);
    expect(await openText(tenant, id)).toBe(`text of ${id}`);
    expect(await moveKeys(true)).toMatchObject({ copied: 0, deleted: 2 });
    expect(await leftInside()).toBe(0);
    const { rowCount } = await database.owner.query('select from tenant_keys');
    expect(rowCount).toBe(0);
    expect(await openText(tenant, id)).toBe(`text of ${id}`);
    const events = await withTenant(tenant, (tx) => tx.select().from(auditEvents));
    expect(events.map(({ action }) => action)).toEqual(['keys.moved']);
  });

  it('keeps a process that still looks into the database from making another key there', async () => {
    await holdTestKeyStore(store.url);
    await moveKeys(false);
    await holdTestKeyStore(null);
    expect(await openText(tenant, id)).toBe(`text of ${id}`);
    const late = await database.createTenant('Late');
    await expect(sealTexts(late, 1)).rejects.toMatchObject({ fault: 'key_store_wrong' });
    await expect(keyStatus()).rejects.toMatchObject({ fault: 'key_store_wrong' });
  });

  it('is asked for when the configuration is ahead of it', async () => {
    await holdTestKeyStore(store.url);
    await expect(keyStatus()).rejects.toMatchObject({
      fault: 'key_store_wrong',
      message: expect.stringContaining('keys move'),
    });
  });

  it('refuses the store of another database', async () => {
    await moved();
    const first = database;
    const second = await createTestDatabase();
    await holdTestKeyStore(null);
    await beginVault();
    await sealTexts(await second.createTenant('Strange'), 1);
    await holdTestKeyStore(store.url);
    await expect(moveKeys(false)).rejects.toMatchObject({ fault: 'key_store_wrong' });
    await expect(keyStatus()).rejects.toMatchObject({ fault: 'key_store_wrong' });
    await second.close();
    database = first;
  });
});

describe('a store of its own', () => {
  beforeEach(moved);

  it('holds new organisations’ keys, and exchanges them as the database does', async () => {
    const late = await database.createTenant('Late');
    const [text = ''] = await sealTexts(late, 2);
    const wanted = newTestKey();
    holdTestKeys(wanted, kek);
    expect((await rotateWrapping()).rewrapped).toBe(3);
    expect(await rotateTenantKeys()).toMatchObject({ rotated: 3, resealed: 6 });
    holdTestKeys(wanted);
    expect(await openText(late, text)).toBe(`text of ${text}`);
    expect(await keyStatus()).toMatchObject({
      place: 'apart',
      generations: { 2: 3 },
      sealedWithOlder: {},
      wrappings: [{ keyEncryptionKeyId: wanted.id, keys: 6, tenants: 3, atHand: true }],
    });
  });

  it('that goes away does not close what is open', async () => {
    await holdTestKeyStore(store.url);
    await openText(tenant, id);
    await store.drop();
    expect(await openText(tenant, id)).toBe(`text of ${id}`);
    await expect(openText(other, otherId)).rejects.toMatchObject({
      fault: 'key_store_unavailable',
      message: expect.not.stringContaining('password'),
    });
    store = await besideDatabase(database);
  });

  it('is asked again for a key that another process made a moment ago', async () => {
    const here = keyStore();
    expect(await openText(tenant, id)).toBe(`text of ${id}`);
    holdKeyStore(new ApartStore(store.url));
    await rotateTenantKeys(tenant.tenantId);
    await keyStore().end();
    holdKeyStore(here);
    expect(await openText(tenant, id)).toBe(`text of ${id}`);
  });

  it('names itself without its login', async () => {
    const { where } = await keyStatus();
    const { password, username } = new URL(store.url);
    expect(where).toMatch(/\/keys_of_/);
    expect(where).not.toContain(password);
    expect(where).not.toContain(username);
  });
});

describe('destroying an organisation’s keys', () => {
  it('in a store of their own closes the database and every backup since, for good', async () => {
    await moved();
    const backup = await backUp(database);
    expect(await shredKeys(tenant.tenantId)).toEqual({ name: 'Alpha', keys: 1, backupsToo: true });
    await expect(openText(tenant, id)).rejects.toMatchObject({ fault: 'key_shredded' });
    await expect(sealTexts(tenant, 1)).rejects.toMatchObject({ fault: 'key_shredded' });
    await restored(backup, async () => {
      await holdTestKeyStore(store.url);
      await expect(openText(tenant, id)).rejects.toMatchObject({ fault: 'key_shredded' });
      expect(await openText(other, otherId)).toBe(`text of ${otherId}`);
      // Whoever has the backup and the wrapping key, and not the store.
      await holdTestKeyStore(null);
      await expect(openText(tenant, id)).rejects.toMatchObject({ fault: 'unreadable' });
    });
  });

  it('leaves none of them in the store', async () => {
    await moved();
    const { rows } = await database.owner.query<{ wrapped: string }>(
      "select wrapped from tenant_keys union all select 'none'",
    );
    expect(rows).toEqual([{ wrapped: 'none' }]);
    await shredKeys(tenant.tenantId);
    const { wrappings } = await keyStatus();
    expect(wrappings).toMatchObject([{ keys: 1, tenants: 1 }]);
  });

  it('is not undone by moving the keys out of an older backup', async () => {
    const before = await backUp(database);
    await moved();
    await shredKeys(tenant.tenantId);
    await restored(before, async () => {
      await holdTestKeyStore(store.url);
      expect(await moveKeys(true)).toMatchObject({ copied: 0, destroyed: 1, deleted: 2 });
      await expect(openText(tenant, id)).rejects.toMatchObject({ fault: 'key_shredded' });
      expect(await openText(other, otherId)).toBe(`text of ${otherId}`);
    });
  });

  it('in the database itself does not close its backups, and says so', async () => {
    const backup = await backUp(database);
    expect(await shredKeys(tenant.tenantId)).toMatchObject({ keys: 1, backupsToo: false });
    await expect(openText(tenant, id)).rejects.toMatchObject({ fault: 'unreadable' });
    await restored(backup, async () => {
      expect(await openText(tenant, id)).toBe(`text of ${id}`);
    });
  });

  it('is on the organisation’s record', async () => {
    await shredKeys(tenant.tenantId);
    const events = await withTenant(tenant, (tx) => tx.select().from(auditEvents));
    expect(events).toMatchObject([{ action: 'keys.shredded', actorName: 'Operator' }]);
  });
});

it('a first start over nothing begins in the store that is configured', async () => {
  await database.owner.query('delete from tenant_keys; delete from vault_state; delete from mails');
  await holdTestKeyStore(store.url);
  await beginVault();
  const [text = ''] = await sealTexts(tenant, 1);
  expect(await openText(tenant, text)).toBe(`text of ${text}`);
  const { rowCount } = await database.owner.query('select from tenant_keys');
  expect(rowCount).toBe(0);
});
