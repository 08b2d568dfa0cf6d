import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId, type TenantContext, withIdentity, withTenant } from '@/db';
import { mails } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { type Binding, createTenantKey, open, seal, VaultError } from '.';
import { holdTestKey } from './testing';
import { forgetKeys } from './unwrapped';

const canary = 'canary-4f1c9f6e-refresh-token';
const database = testDatabase();
let alpha: TenantContext;
let beta: TenantContext;
let binding: Binding;

beforeAll(async () => {
  holdTestKey();
  alpha = await database.createTenant('Alpha');
  beta = await database.createTenant('Beta');
});
beforeEach(() => {
  binding = { kind: 'credential', subjectId: newId(), generation: 3 };
});

const sealFor = (tenant: TenantContext, text = canary) =>
  withTenant(tenant, (tx) => seal(tx, tenant, binding, text));
const openFor = (tenant: TenantContext, sealed: string, as: Partial<Binding> = {}) =>
  withTenant(tenant, (tx) => open(tx, tenant, { ...binding, ...as }, sealed));

async function refusal(attempt: Promise<unknown>): Promise<VaultError> {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VaultError)) throw new Error('the vault did not refuse', { cause: error });
  return error;
}

describe('a sealed text', () => {
  it('opens for the same tenant, subject, kind and generation', async () => {
    expect(await openFor(alpha, await sealFor(alpha))).toBe(canary);
  });

  it('keeps every character', async () => {
    const text = '{"a":"ü🙂\\u0000\\n"}';
    expect(await openFor(alpha, await sealFor(alpha, text))).toBe(text);
  });

  it('differs each time', async () => {
    expect(await sealFor(alpha)).not.toBe(await sealFor(alpha));
  });

  it.each([
    ['another connection', () => ({ subjectId: newId<never>() })],
    ['another generation', () => ({ generation: 2 })],
    ['another kind', () => ({ kind: 'mail' as const })],
  ])('is refused as that of %s', async (_what, swap) => {
    const error = await refusal(openFor(alpha, await sealFor(alpha), swap()));
    expect(error.fault).toBe('context_mismatch');
  });

  it('of another tenant is refused, whatever else is the same', async () => {
    await sealFor(beta);
    const error = await refusal(openFor(beta, await sealFor(alpha)));
    expect(error.fault).toBe('unreadable');
  });

  it('is under the key of its own tenant, whoever’s was used before', async () => {
    await sealFor(alpha);
    const sealed = await sealFor(beta);
    forgetKeys();
    expect(await openFor(beta, sealed)).toBe(canary);
  });

  it('that was altered anywhere is refused', async () => {
    const bytes = Buffer.from(await sealFor(alpha), 'base64');
    for (const position of [0, 40, bytes.length >> 1, bytes.length - 1]) {
      const altered = Buffer.from(bytes);
      altered[position] = (altered[position] ?? 0) ^ 1;
      const error = await refusal(openFor(alpha, altered.toString('base64')));
      expect(['unreadable', 'context_mismatch']).toContain(error.fault);
    }
  });

  it('is refused under another key encryption key', async () => {
    const tenant = await database.createTenant('Gamma');
    const sealed = await sealFor(tenant);
    holdTestKey();
    const error = await refusal(openFor(tenant, sealed));
    expect(error.fault).toBe('key_wrong');
    alpha = await database.createTenant('Alpha under the new key');
  });
});

describe('the plain text', () => {
  it('is in no error of a refusal', async () => {
    const sealed = await sealFor(alpha);
    const error = await refusal(openFor(alpha, sealed, { generation: 9 }));
    const told = `${error.stack}${JSON.stringify(error)}${String(error.cause)}`;
    expect(told).not.toContain(canary);
    expect(told).not.toContain(sealed);
  });

  it('is in no table', async () => {
    const sealed = await sealFor(alpha);
    const mail = {
      tenantId: alpha.tenantId,
      recipient: 'a@example.com',
      subject: 's',
      sealedBody: sealed,
    };
    await withTenant(alpha, (tx) => tx.insert(mails).values(mail));
    const { rows } = await database.owner.query<{ dump: string }>(
      `select (select string_agg(m::text, '') from mails m)
           || (select string_agg(k::text, '') from tenant_keys k) as dump`,
    );
    expect(rows[0]?.dump).toContain(sealed);
    expect(rows[0]?.dump).not.toContain(canary);
    expect(rows[0]?.dump).not.toContain(Buffer.from(canary).toString('base64').slice(0, 30));
  });
});

describe("a tenant's key", () => {
  it('is made once, however many make it at the same time', async () => {
    const tenant = await database.createTenant('Delta');
    const texts = await Promise.all([1, 2, 3, 4].map(() => sealFor(tenant)));
    for (const text of texts) expect(await openFor(tenant, text)).toBe(canary);
    const { rowCount } = await database.owner.query(
      'select from tenant_keys where tenant_id = $1',
      [tenant.tenantId],
    );
    expect(rowCount).toBe(1);
  });

  it('made in a transaction that was rolled back is not used again', async () => {
    const tenant = await database.createTenant('Epsilon');
    const undone = withTenant(tenant, async (tx) => {
      await seal(tx, tenant, binding, canary);
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect(await openFor(tenant, await sealFor(tenant))).toBe(canary);
  });

  it('can be made at sign-up, before the tenant is anybody’s', async () => {
    const tenant = await database.createTenant('Zeta');
    const key = await withIdentity((tx) => createTenantKey(tx, tenant.tenantId));
    expect(key.wrapped).toBeTruthy();
    expect(await openFor(tenant, await sealFor(tenant))).toBe(canary);
  });
});
