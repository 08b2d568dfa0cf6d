import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TenantContext, withTenant } from '@/db';
import { auditEvents } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { createTenantKey } from '@/lib/vault';
import { holdTestKeys, newTestKey } from '@/lib/vault/testing';
import { keyStatus, rotateTenantKeys, rotateWrapping, sealedPlaces } from '.';
import { beginVault, openText, sealAgain, sealTexts } from './testing';

const database = testDatabase();
const former = newTestKey();
let tenants: TenantContext[];

beforeAll(() => holdTestKeys(former));
beforeEach(async () => {
  await database.owner.query(
    'truncate tenants, tenant_keys, mails, audit_events cascade; delete from vault_state',
  );
  holdTestKeys(former);
  await beginVault();
  tenants = [];
  for (const name of ['Alpha', 'Beta', 'Gamma']) tenants.push(await database.createTenant(name));
});

const [alpha, beta] = [() => tenants[0] as TenantContext, () => tenants[1] as TenantContext];
const actions = async (tenant: TenantContext) => {
  const rows = await withTenant(tenant, (tx) => tx.select().from(auditEvents));
  return rows.map(({ action }) => action);
};

/** Calls that open and seal until told to stop. @returns how many there were; throws as they do */
function traffic(tenant: TenantContext, ids: readonly string[]) {
  let on = true;
  let calls = 0;
  const caller = async (first: number) => {
    for (let at = first; on; at += 1) {
      const id = ids[at % ids.length] as string;
      if (at % 5 === 0) await sealAgain(tenant, id);
      expect(await openText(tenant, id)).toBe(`text of ${id}`);
      calls += 1;
    }
  };
  const callers = [0, 7, 13, 29].map(caller);
  return {
    async stop() {
      on = false;
      await Promise.all(callers);
      return calls;
    },
  };
}

describe('the wrapping key', () => {
  it('is exchanged while calls go on, and the former one is needed no more', async () => {
    const texts = await Promise.all(tenants.map((tenant) => sealTexts(tenant, 10)));
    const wanted = newTestKey();
    holdTestKeys(wanted, former);
    const calls = traffic(alpha(), texts[0] as string[]);
    const { from, to, rewrapped } = await rotateWrapping();
    expect(await calls.stop()).toBeGreaterThan(0);
    expect({ from, to, rewrapped }).toEqual({ from: former.id, to: wanted.id, rewrapped: 3 });
    holdTestKeys(wanted);
    for (const [at, tenant] of tenants.entries()) {
      for (const id of texts[at] ?? []) expect(await openText(tenant, id)).toBe(`text of ${id}`);
    }
    expect(await actions(beta())).toContain('keys.rewrapped');
  });

  it('stays the former one until the operator says so, whatever a process is configured with', async () => {
    const wanted = newTestKey();
    holdTestKeys(wanted, former);
    await sealTexts(alpha(), 1);
    expect(await keyStatus()).toMatchObject({
      wrapsWith: former.id,
      wanted: wanted.id,
      wrappings: [{ keyEncryptionKeyId: former.id, keys: 1 }],
    });
  });

  it('exchanged twice over changes nothing the second time', async () => {
    await sealTexts(alpha(), 1);
    holdTestKeys(newTestKey(), former);
    await rotateWrapping();
    expect((await rotateWrapping()).rewrapped).toBe(0);
  });

  it('that is not at hand is named in the status, and in the refusal', async () => {
    const [id] = await sealTexts(alpha(), 1);
    const stranger = newTestKey();
    holdTestKeys(stranger);
    expect((await keyStatus()).wrappings).toEqual([
      { keyEncryptionKeyId: former.id, keys: 1, tenants: 1, atHand: false },
    ]);
    await expect(openText(alpha(), id as string)).rejects.toMatchObject({ fault: 'key_wrong' });
  });
});

describe("an organisation's key", () => {
  it('is exchanged while calls go on, and everything is under the new one then', async () => {
    const ids = await sealTexts(alpha(), 250);
    const calls = traffic(alpha(), ids);
    const tally = await rotateTenantKeys();
    const count = await calls.stop();
    expect(count).toBeGreaterThan(0);
    expect(tally).toMatchObject({ rotated: 1, unreadable: 0 });
    await rotateTenantKeys(alpha().tenantId);
    const status = await keyStatus();
    expect(status.sealedWithOlder).toEqual({});
    for (const id of ids) expect(await openText(alpha(), id)).toBe(`text of ${id}`);
  });

  it('of one organisation leaves the others theirs', async () => {
    await Promise.all(tenants.map((tenant) => sealTexts(tenant, 2)));
    expect(await rotateTenantKeys(beta().tenantId)).toEqual({
      rotated: 1,
      resealed: 2,
      unreadable: 0,
    });
    expect((await keyStatus()).generations).toEqual({ 1: 2, 2: 1 });
    expect(await actions(beta())).toEqual(
      expect.arrayContaining(['keys.rotated', 'keys.resealed']),
    );
    expect(await actions(alpha())).toEqual([]);
  });

  it('interrupted goes on without a third key', async () => {
    await Promise.all(tenants.map((tenant) => sealTexts(tenant, 3)));
    const stop = new Error('interrupted');
    const interrupted = rotateTenantKeys(undefined, ({ resealed }) => {
      if (resealed >= 3) throw stop;
    });
    await expect(interrupted).rejects.toBe(stop);
    expect((await keyStatus()).rotationSince).not.toBeNull();
    const rest = await rotateTenantKeys();
    expect(rest).toMatchObject({ rotated: 0, resealed: 6 });
    expect(await keyStatus()).toMatchObject({
      generations: { 2: 3 },
      sealedWithOlder: {},
      rotationSince: null,
    });
  });

  it('is exchanged although a text is damaged, which stays as it is', async () => {
    const [id] = await sealTexts(alpha(), 3);
    const { rows } = await database.owner.query<{ sealed: string }>(
      "update mails set sealed_body = overlay(sealed_body placing 'AAAA' from 300) where id = $1 returning sealed_body as sealed",
      [id],
    );
    const tally = await rotateTenantKeys(alpha().tenantId);
    expect(tally).toEqual({ rotated: 1, resealed: 2, unreadable: 1 });
    const after = await database.owner.query(
      'select sealed_body as sealed from mails where id = $1',
      [id],
    );
    expect(after.rows).toEqual(rows);
  });

  it('takes a secret that was used up for none', async () => {
    const [id] = await sealTexts(alpha(), 2);
    await database.owner.query("update mails set sealed_body = '' where id = $1", [id]);
    const tally = await rotateTenantKeys(alpha().tenantId);
    expect(tally).toEqual({ rotated: 1, resealed: 1, unreadable: 0 });
    expect((await keyStatus()).sealedWithOlder).toEqual({});
  });

  it('leaves what a text belongs to as it was', async () => {
    const [one, two] = await sealTexts(alpha(), 2);
    await database.owner.query(
      'update mails set sealed_body = (select sealed_body from mails where id = $1) where id = $2',
      [one, two],
    );
    await rotateTenantKeys(alpha().tenantId);
    await expect(openText(alpha(), two as string)).rejects.toMatchObject({
      fault: 'context_mismatch',
    });
  });
});

it('every column with texts sealed for an organisation is walked', async () => {
  const { rows } = await database.owner.query<{ name: string }>(
    `select count(*)::int as count from information_schema.columns
      where table_schema = 'public' and column_name like 'sealed%'
        and table_name <> 'second_factors'`,
  );
  expect(rows).toEqual([{ count: sealedPlaces().length }]);
});

it('an organisation without a key is named', async () => {
  await withTenant(alpha(), (tx) => createTenantKey(tx, alpha().tenantId));
  const { withoutKey } = await keyStatus();
  expect(withoutKey.toSorted()).toEqual(
    tenants
      .slice(1)
      .map(({ tenantId }) => tenantId)
      .toSorted(),
  );
});
