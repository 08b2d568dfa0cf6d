import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resetConnections, sql, type TenantContext, tenantDb } from '@/db';
import { testDatabase } from '@/db/testing';
import { type Between, startBetween } from './wire/testing/between';

/** The doors over TLS: with a key that both sides know, for which no certificate is needed. */

const database = testDatabase();
const key = { psk: Buffer.from('0123456789abcdef'), identity: 'test' };
const common = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;

let between: Between;
let tenant: TenantContext;

beforeEach(async () => {
  tenant = await database.createTenant();
  between = await startBetween(database.urls.app, {
    tls: { ...common, pskCallback: () => key.psk },
  });
  // What a URL cannot say.
  pg.defaults.ssl = { ...common, pskCallback: () => key, checkServerIdentity: () => undefined };
  await resetConnections({ ...database.urls, app: between.url });
});

afterEach(async () => {
  pg.defaults.ssl = false;
  await resetConnections(database.urls);
  await between.close();
});

describe('an encrypted connection', () => {
  it('carries what is asked and answered', async () => {
    const { rows } = await tenantDb(tenant).execute(sql`select name from tenants`);
    expect(rows).toEqual([{ name: 'Acme' }]);
    expect(between.encrypted()).toBe(1);
  });

  it('is ended by a value too large to be read, and no other is', async () => {
    const large = tenantDb(tenant).execute(sql`select repeat('x', 70000000)`);
    await expect(large).rejects.toMatchObject({ cause: { name: 'MessageTooLargeError' } });
    const { rows } = await tenantDb(tenant).execute(sql`select name from tenants`);
    expect(rows).toEqual([{ name: 'Acme' }]);
    expect(between.encrypted()).toBe(2);
  });
});
