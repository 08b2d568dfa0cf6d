import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type DeletionId, newId, type TenantContext, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { staffMember } from '@/lib/access/testing';
import { recordAudit } from '@/lib/audit';
import { advanceDeletion } from '@/lib/lifecycle';
import { askedDeletion } from '@/lib/lifecycle/testing';
import { holdTestKey } from '@/lib/vault/testing';
import { openDeletion } from '.';

vi.stubEnv('DATA_DIR', mkdtempSync(join(tmpdir(), 'tenantry-opened-deletion-')));
const database = testDatabase();
let tenant: TenantContext;
let staff: StaffContext;
let id: DeletionId;

beforeEach(async () => {
  holdTestKey();
  staff = await staffMember(database, 'Ada', { role: 'support' });
  tenant = await database.createTenant();
  const actor = { type: 'system', id: null, name: 'Test' } as const;
  await withTenant(tenant, (tx) =>
    recordAudit(
      tx,
      { ...tenant, actor, requestId: 'request-1' },
      { action: 'automation.created', target: { type: 'automation', id: newId(), name: 'one' } },
    ),
  );
  id = await askedDeletion(database, tenant.tenantId);
});

const opened = async () => (await openDeletion(staff, id)).record;

describe('of the record of a tenant whose deletion they open, staff see', () => {
  it('nothing before anybody has looked', async () => {
    expect(await opened()).toBeUndefined();
  });

  it('what was noted while it is being erased, and then what the certificate says', async () => {
    await advanceDeletion(id, { settle: 3_600 });
    const noted = await opened();
    expect(noted).toMatchObject({ state: 'signed', signed: 1 });
    await advanceDeletion(id, { settle: 0 });
    await database.owner.query(
      'update tenant_deletions set record_state = null, checkpoint = null where id = $1',
      [id],
    );
    expect(await opened()).toEqual(noted);
  });

  it('that it is not known, where what was noted was changed', async () => {
    await advanceDeletion(id, { settle: 3_600 });
    await database.owner.query(`update tenant_deletions set record_state = 'x' where id = $1`, [
      id,
    ]);
    expect(await opened()).toEqual({ state: 'unknown' });
  });

  it('that it is not known, where the certificate was changed', async () => {
    await advanceDeletion(id, { settle: 0 });
    await database.owner.query(
      `update tenant_deletions set certificate = replace(certificate, '"signed"', '"empty"') where id = $1`,
      [id],
    );
    expect(await opened()).toEqual({ state: 'unknown' });
  });
});
