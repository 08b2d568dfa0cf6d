import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newId, type record as store, type TenantContext, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { recordAudit } from '@/lib/audit';
import { holdTestKey } from '@/lib/vault/testing';
import { forgetSigned } from './continuity';
import { finalCheckpoint } from './sign';
import { forgeOutcome } from './testing/tamper';
import { sampleRecord, verifyTenantRecord } from './verify-database';

const database = testDatabase();
const directory = mkdtempSync(join(tmpdir(), 'tenantry-continuity-'));
let tenant: TenantContext;

const record = (name: string) =>
  withTenant(tenant, (tx) =>
    recordAudit(
      tx,
      { ...tenant, actor: { type: 'system', id: null, name: 'Test' }, requestId: 'request-1' },
      { action: 'automation.created', target: { type: 'automation', id: newId(), name } },
    ),
  );

beforeAll(() => {
  vi.stubEnv('DATA_DIR', directory);
  holdTestKey();
});
beforeEach(async () => {
  tenant = await database.createTenant();
  for (const name of ['one', 'two', 'three']) await record(name);
  await finalCheckpoint(tenant.tenantId);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

const forge = () =>
  forgeOutcome({
    client: database.owner as unknown as store.RecordReader,
    tenantId: tenant.tenantId,
    draw: () => 1,
  });

async function failure(): Promise<string | null> {
  const { rows } = await database.owner.query<{ failure: string | null }>(
    'select failure from record_trees where tenant_id = $1',
    [tenant.tenantId],
  );
  return rows[0]?.failure ?? null;
}

describe('a tree that was changed behind its last checkpoint', () => {
  it('is not signed by the process that signed that', async () => {
    await forge();
    await record('four');
    expect(await finalCheckpoint(tenant.tenantId)).toMatchObject({ size: 3 });
    expect(await failure()).toContain('changed behind its last checkpoint');
  });

  it('is not signed by one that has just started', async () => {
    await forge();
    await record('four');
    forgetSigned();
    expect(await finalCheckpoint(tenant.tenantId)).toMatchObject({ size: 3 });
  });

  it('is not signed as a new one, where the database has forgotten that it was ever signed', async () => {
    await forge();
    await database.owner.query('delete from record_checkpoints');
    await database.owner.query('update record_trees set checkpoint_size = 0, checkpoint_at = null');
    forgetSigned();
    expect(await finalCheckpoint(tenant.tenantId)).toBeNull();
    expect((await verifyTenantRecord(tenant.tenantId)).findings).not.toEqual([]);
  });

  it('is found by a look at part of the record', async () => {
    const own = async () =>
      (await sampleRecord(30_000)).findings.filter((found) => found.tenantId === tenant.tenantId);
    expect(await own()).toEqual([]);
    await forge();
    expect(await own()).not.toEqual([]);
  });
});
