import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId, type TenantContext, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { recordAudit } from '@/lib/audit';
import { finalCheckpoint } from '@/lib/record/sign';
import { holdTestKey } from '@/lib/vault/testing';
import { audit } from './audit';

const database = testDatabase();
const directory = mkdtempSync(join(tmpdir(), 'tenantry-audit-'));
let kept: TenantContext;
let going: TenantContext;

async function recorded(): Promise<TenantContext> {
  const tenant = await database.createTenant();
  const actor = { type: 'system', id: null, name: 'Test' } as const;
  await withTenant(tenant, (tx) =>
    recordAudit(
      tx,
      { ...tenant, actor, requestId: 'request-1' },
      { action: 'automation.created', target: { type: 'automation', id: newId(), name: 'one' } },
    ),
  );
  await finalCheckpoint(tenant.tenantId);
  return tenant;
}

const sql = (text: string) => database.owner.query(text, [going.tenantId]);

beforeAll(async () => {
  vi.stubEnv('DATA_DIR', directory);
  holdTestKey();
  [kept, going] = [await recorded(), await recorded()];
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

const verify = (...args: string[]) => audit(['verify', '--database', ...args], () => {});

describe('the whole record, held against its checkpoints', () => {
  it('leaves nobody out while nobody is erased', async () => {
    const { text, code } = await verify();
    expect(text).toContain('2 records hold');
    expect(text).not.toContain('left out');
    expect(code).toBe(0);
  });

  it('names whom it leaves out, which is no failure, and says whose word that is', async () => {
    await sql("update tenants set state = 'deleting' where id = $1");
    await sql(
      `insert into tenant_deletions (tenant_id, id, origin, grace_until, stage, stage_at)
       values ($1, gen_random_uuid(), 'owner', now(), 'erasing', now())`,
    );
    await sql('delete from record_leaves where tenant_id = $1');
    const { text, code } = await verify();
    expect(text).toContain(`${kept.tenantId}: 1 event`);
    expect(text).toContain('1 record holds');
    expect(text).toContain(`by the list of deletions, left out: ${going.tenantId}`);
    expect(code).toBe(0);
  });

  it('says of one that was asked for by its id, too, that it is left out', async () => {
    const { text, code } = await verify('--tenant', going.tenantId);
    expect(text).toContain(`left out: ${going.tenantId}`);
    expect(text).not.toContain('all hold');
    expect(code).toBe(0);
  });
});
