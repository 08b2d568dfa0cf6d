import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { newId, type TenantContext, type TenantId } from '@/db';
import { objectStore } from '@/lib/objects';
import { checkRecord } from './doctor';
import { rawPublicKey, signNote, verifierKey } from './note';
import { checkpointKey } from './publish';
import { originOf } from './seal';
import { finalCheckpoint } from './sign';
import { signingKeys } from './signing-key';
import { recordedTenants } from './testing/recorded';
import { sampleRecord, tenantsToVerify, verifyTenantRecord } from './verify-database';

const recorded = recordedTenants();
const { database, sampled } = recorded;
let tenant: TenantContext;

beforeEach(async () => {
  tenant = recorded.tenant;
  await finalCheckpoint(tenant.tenantId);
});

async function isMissed(): Promise<void> {
  expect((await tenantsToVerify()).tenants).toContain(tenant.tenantId);
  expect((await verifyTenantRecord(tenant.tenantId)).findings).not.toEqual([]);
  expect(await sampled()).not.toEqual([]);
}

/** As a deletion whose grace is over does with its tenant. */
const close = () =>
  database.owner.query("update tenants set state = 'deleting' where id = $1", [tenant.tenantId]);

/** @param stageAt SQL of the time since when */
const beginErasing = (stageAt: string) =>
  database.owner.query(
    `insert into tenant_deletions (tenant_id, id, origin, grace_until, stage, stage_at)
     values ($1, gen_random_uuid(), 'owner', now(), 'erasing', ${stageAt})`,
    [tenant.tenantId],
  );

const named = (tenantId: TenantId) => `"tenantId":"${tenantId}"`;
const stranger = () => generateKeyPairSync('ed25519').privateKey;

/** A deletion's certificate, as far as the record looks at it. */
async function certificate(
  tenantId: TenantId,
  { by, state = 'signed' }: { readonly by?: readonly KeyObject[]; readonly state?: string } = {},
): Promise<string> {
  const keys = by ?? (await signingKeys());
  const own = verifierKey('example.com/deletions', rawPublicKey(keys[0] as KeyObject));
  const recordState = { state };
  const text = { kind: 'tenantry/deletion-certificate', tenantId, recordState, verifierKey: own };
  return signNote(`${JSON.stringify(text)}\n`, 'example.com/deletions', keys);
}

const plantCertificate = (tenantId: TenantId, text: string) =>
  database.owner.query(
    `insert into tenant_deletions (tenant_id, id, origin, grace_until, stage, certificate)
     values ($1, gen_random_uuid(), 'staff', now(), 'done', $2)`,
    [tenantId, text],
  );

describe('a record that was wiped', () => {
  const wipe = async () => {
    for (const table of ['audit_events', 'record_leaves', 'record_tiles', 'record_checkpoints']) {
      await database.owner.query(`delete from ${table} where tenant_id = $1`, [tenant.tenantId]);
    }
    await database.owner.query('delete from record_trees where tenant_id = $1', [tenant.tenantId]);
  };

  it('is missed as long as there is its tenant', async () => {
    await wipe();
    expect((await tenantsToVerify()).tenants).toContain(tenant.tenantId);
    expect((await verifyTenantRecord(tenant.tenantId)).findings).not.toEqual([]);
    const { findings } = await sampleRecord(30_000);
    expect(findings.map((found) => found.tenantId)).toContain(tenant.tenantId);
  });

  it('is missed as long as a checkpoint lies outside, unless it was deleted with a certificate', async () => {
    const gone = newId<TenantId>();
    const note = `${originOf(gone)}\n1\n${Buffer.alloc(32).toString('base64')}\n\n`;
    await objectStore().put(checkpointKey(gone, 1), note);
    expect((await tenantsToVerify()).tenants).toContain(gone);
    expect((await verifyTenantRecord(gone)).findings).not.toEqual([]);
    await plantCertificate(gone, await certificate(gone));
    expect((await tenantsToVerify()).tenants).not.toContain(gone);
    expect((await verifyTenantRecord(gone)).findings).toEqual([]);
  });

  it.each([
    ['is none', async () => 'signed'],
    ['is another tenant’s', () => certificate(newId<TenantId>())],
    ['somebody else has signed', () => certificate(tenant.tenantId, { by: [stranger()] })],
    ['knows nothing of it', () => certificate(tenant.tenantId, { state: 'unknown' })],
    ['says that it was refused', () => certificate(tenant.tenantId, { state: 'refused' })],
    [
      'was changed',
      async () =>
        (await certificate(newId<TenantId>())).replace(
          /"tenantId":"[^"]+"/,
          named(tenant.tenantId),
        ),
    ],
  ])('is missed beside a certificate that %s', async (_what, planted) => {
    await wipe();
    await close();
    await plantCertificate(tenant.tenantId, await planted());
    await isMissed();
  });

  it.each(['now()', "'2999-01-01'"])(
    'is missed whatever deletion the database tells of while its tenant is open: %s',
    async (stageAt) => {
      await wipe();
      await beginErasing(stageAt);
      await isMissed();
    },
  );

  it('is missed when an erasing that was to be under way is of a time to come', async () => {
    await wipe();
    await close();
    await beginErasing("'2999-01-01'");
    await isMissed();
  });
});

describe('a record that is being erased', () => {
  it('is not looked at while half of it is gone, and is again after a day', async () => {
    await close();
    await database.owner.query('delete from record_leaves where tenant_id = $1 and sequence = 1', [
      tenant.tenantId,
    ]);
    await isMissed();
    await beginErasing('now()');
    const { tenants, erasing } = await tenantsToVerify();
    expect(tenants).not.toContain(tenant.tenantId);
    expect(erasing).toContain(tenant.tenantId);
    expect(await sampled()).toEqual([]);
    expect((await sampleRecord(30_000)).erasing).toContain(tenant.tenantId);
    // One that was begun before, with the tenant in its list, comes to the same.
    expect(await verifyTenantRecord(tenant.tenantId)).toMatchObject({
      ...{ findings: [], erasing: true },
    });
    expect((await checkRecord()).looked).toContain(`left out: ${tenant.tenantId}`);
    await database.owner.query(
      "update tenant_deletions set stage_at = now() - interval '25 hours' where tenant_id = $1",
      [tenant.tenantId],
    );
    await isMissed();
    expect((await tenantsToVerify()).erasing).not.toContain(tenant.tenantId);
    expect((await checkRecord()).looked).not.toContain('left out');
  });

  it('is looked at beside a certificate, as long as it is there', async () => {
    await close();
    await database.owner.query('delete from record_leaves where tenant_id = $1 and sequence = 1', [
      tenant.tenantId,
    ]);
    await plantCertificate(tenant.tenantId, await certificate(tenant.tenantId));
    await isMissed();
  });
});
