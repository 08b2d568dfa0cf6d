import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId, type TenantContext, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { recordAudit } from '@/lib/audit';
import { holdTestKey } from '@/lib/vault/testing';
import type { RecordFinding } from './contract';
import { finalCheckpoint } from './sign';
import { sampleRecord } from './verify-database';

const database = testDatabase();
const directory = mkdtempSync(join(tmpdir(), 'tenantry-sample-'));
const events = 60;
let tenant: TenantContext;

const sampled = async (): Promise<RecordFinding[]> =>
  (await sampleRecord(30_000)).findings.filter(({ tenantId }) => tenantId === tenant.tenantId);

beforeAll(async () => {
  vi.stubEnv('DATA_DIR', directory);
  holdTestKey();
  tenant = await database.createTenant();
  await withTenant(tenant, async (tx) => {
    for (let at = 0; at < events; at += 1) {
      await recordAudit(
        tx,
        { ...tenant, actor: { type: 'system', id: null, name: 'Test' }, requestId: 'request-1' },
        { action: 'automation.created', target: { type: 'automation', id: newId(), name: 'one' } },
      );
    }
  });
  await finalCheckpoint(tenant.tenantId);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

/** What row and leaf say came of an event: both, so that neither gives the other away. */
async function sayAlike(sequence: number, from: string, to: string): Promise<void> {
  const place = [tenant.tenantId, sequence];
  const { rowCount } = await database.owner.query(
    `update audit_events set outcome = $3 where tenant_id = $1
        and id = (select id from record_leaves where tenant_id = $1 and sequence = $2)`,
    [...place, to],
  );
  expect(rowCount).toBe(1);
  await database.owner.query(
    'update record_leaves set leaf = replace(leaf, $3, $4) where tenant_id = $1 and sequence = $2',
    [...place, `"outcome":"${from}"`, `"outcome":"${to}"`],
  );
}

describe('a look at part of the record', () => {
  it('finds nothing where nothing was changed, wherever it looks', async () => {
    for (let at = 0; at < 5; at += 1) expect(await sampled()).toEqual([]);
  });

  it.each([events - 20, events - 10, events - 1])(
    'finds that leaf %i, of the newest, was changed together with its event',
    async (sequence) => {
      await sayAlike(sequence, 'success', 'denied');
      expect(await sampled()).toContainEqual(
        expect.objectContaining({ kind: 'root_differs', where: String(sequence) }),
      );
      await sayAlike(sequence, 'denied', 'success');
      expect(await sampled()).toEqual([]);
    },
  );
});
