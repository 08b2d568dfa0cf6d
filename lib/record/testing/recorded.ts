import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { type AuditEventId, newId, type TenantContext, withTenant } from '@/db';
import { type TestDatabase, testDatabase } from '@/db/testing';
import { recordAudit } from '@/lib/audit';
import { holdTestKey } from '@/lib/vault/testing';
import type { RecordFinding } from '../contract';
import { sampleRecord } from '../verify-database';

/** Events that are on record before each test. */
const events = 3;

interface Recorded {
  readonly database: TestDatabase;
  /** Where files lie, those outside the database among them. */
  readonly directory: string;
  /** Of the test that runs. */
  readonly tenant: TenantContext;
  /** Of the events that were on record when the test began, in their order. */
  readonly ids: readonly AuditEventId[];
  /** Put one more event on the tenant's record. */
  readonly record: () => Promise<AuditEventId>;
  /** What a look over all records finds of the tenant's. */
  readonly sampled: () => Promise<RecordFinding[]>;
}

/**
 * A database, a key and a place for files to the tests of this file, and to each test a tenant with
 * three events on its record, not sealed.
 */
export function recordedTenants(): Recorded {
  const database = testDatabase();
  const directory = mkdtempSync(join(tmpdir(), 'tenantry-record-'));
  let tenant: TenantContext;
  let ids: AuditEventId[];

  const record = () =>
    withTenant(tenant, (tx) =>
      recordAudit(
        tx,
        { ...tenant, actor: { type: 'system', id: null, name: 'Test' }, requestId: 'request-1' },
        { action: 'automation.created', target: { type: 'automation', id: newId(), name: 'one' } },
      ),
    );

  beforeAll(() => {
    vi.stubEnv('DATA_DIR', directory);
    holdTestKey();
  });
  beforeEach(async () => {
    tenant = await database.createTenant();
    ids = [];
    while (ids.length < events) ids.push(await record());
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true, force: true });
  });

  return {
    database,
    directory,
    record,
    sampled: async () =>
      (await sampleRecord(30_000)).findings.filter(({ tenantId }) => tenantId === tenant.tenantId),
    get tenant() {
      return tenant;
    },
    get ids() {
      return ids;
    },
  };
}
