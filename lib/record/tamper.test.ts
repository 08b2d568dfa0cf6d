import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { newId, type record, type TenantContext, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { recordAudit } from '@/lib/audit';
import { holdTestKey } from '@/lib/vault/testing';
import { type Anchors, anchorsOf } from './anchors';
import { rawPublicKey, verifierKey } from './note';
import { originOf, sealRecord } from './seal';
import { finalCheckpoint } from './sign';
import { readSigningKey, signingKeyFile } from './signing-key';
import { tenantRecordKey } from './tenant-key';
import { seeded, tamper } from './testing/tamper';
import { verifyTenant } from './verify-tenant';

const tamperings = 1_000;
const events = 48;
const database = testDatabase();
const directory = mkdtempSync(join(tmpdir(), 'tenantry-tamper-'));
let tenant: TenantContext;
let anchors: Anchors;
let key: Uint8Array | null;

async function addEvents(count: number): Promise<void> {
  await withTenant(tenant, async (tx) => {
    for (let at = 0; at < count; at += 1) {
      const context = {
        ...tenant,
        actor: { type: 'member', id: newId(), name: `Person ${at}` },
        requestId: `request-${at}`,
        ipAddress: '192.0.2.7',
      } as const;
      await recordAudit(tx, context, {
        action: 'automation.updated',
        target: { type: 'automation', id: newId(), name: `Automation ${at}` },
        details: { before: at, after: at + 1 },
      });
    }
  });
  // Written over days, as records are.
  await database.owner.query(
    `update audit_events e set created_at = now() - interval '100 hours' + n * interval '1 hour'
       from (select id, row_number() over (order by id) as n from audit_events) o
      where o.id = e.id and not exists (select from record_leaves l where l.id = e.id)`,
  );
  await sealRecord();
}

const verify = () => {
  const signing = readSigningKey(signingKeyFile());
  if (!signing) throw new Error('nothing was signed');
  return verifyTenant({
    reader: database.owner as unknown as record.RecordReader,
    tenantId: tenant.tenantId,
    anchors: anchors.read,
    verifierKeys: [verifierKey(originOf(tenant.tenantId), rawPublicKey(signing))],
    key,
  });
};

beforeAll(async () => {
  vi.stubEnv('DATA_DIR', directory);
  holdTestKey();
  tenant = await database.createTenant();
  for (let part = 0; part < 3; part += 1) {
    await addEvents(events / 3);
    await finalCheckpoint(tenant.tenantId);
  }
  anchors = await anchorsOf(tenant.tenantId, 100);
  key = await tenantRecordKey(tenant.tenantId);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

it('finds nothing in a record that nobody touched', async () => {
  expect(await verify()).toMatchObject({
    leaves: events,
    anchored: events,
    checkpoints: 3,
    findings: [],
  });
});

it(`finds each of ${tamperings} random tamperings of a superuser with anchored events`, async () => {
  const client = database.owner as unknown as record.RecordReader;
  const draw = seeded(20_261_122);
  const missed: string[] = [];
  const done = new Map<string, number>();
  for (let at = 0; at < tamperings; at += 1) {
    await database.owner.query('begin');
    const kind = await tamper({ client, tenantId: tenant.tenantId, draw });
    const { findings } = await verify();
    await database.owner.query('rollback');
    done.set(kind, (done.get(kind) ?? 0) + 1);
    if (findings.length === 0) missed.push(`${at}: ${kind}`);
  }
  expect(missed).toEqual([]);
  expect(done.size).toBe(8);
  expect((await verify()).findings).toEqual([]);
}, 400_000);
