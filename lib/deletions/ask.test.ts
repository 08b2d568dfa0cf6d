import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type ApprovalId,
  type DeletionId,
  deletions,
  newId,
  type TenantContext,
  withPlatform,
} from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { staffMember } from '@/lib/access/testing';
import { advanceDeletion, deleteAsApproved } from '@/lib/lifecycle';
import { listOutbox } from '@/lib/mail';
import { askToDelete, stopDeletion } from '.';

vi.stubEnv('DATA_DIR', mkdtempSync(join(tmpdir(), 'tenantry-deletions-')));
const database = testDatabase();
let ada: StaffContext;

beforeEach(async () => {
  ada = await staffMember(database, 'Ada', { role: 'platform_admin' });
});

it('takes the exact name of the tenant, whatever the page let through', async () => {
  const { tenantId } = await database.createTenant('Harbour');
  const ask = (typed: string) => askToDelete(ada, { tenantId, typed, reason: 'It has ended' });
  const asked = async () =>
    (await database.owner.query('select kind from approvals where tenant_id = $1', [tenantId]))
      .rows;
  await expect(ask('harbour')).rejects.toMatchObject({ code: 'invalid_input' });
  expect(await asked()).toEqual([]);
  await ask('Harbour');
  expect(await asked()).toEqual([{ kind: 'tenant.delete' }]);
});

describe('a deletion that staff asked for and stop', () => {
  let tenant: TenantContext;
  let owner: string;
  let id: DeletionId;

  beforeEach(async () => {
    tenant = await database.createTenant('Harbour');
    owner = (await database.createMember(tenant, { role: 'owner' })).email;
    const approved = { id: newId<ApprovalId>(), reason: 'It has ended', askedBy: ada.userId };
    await withPlatform((tx) => deleteAsApproved(tx, { ...approved, tenantId: tenant.tenantId }));
    const { rows } = await database.owner.query<{ id: DeletionId }>(
      'select id from tenant_deletions where tenant_id = $1',
      [tenant.tenantId],
    );
    id = rows[0]?.id as DeletionId;
  });

  const recorded = async () => {
    const { rows } = await database.owner.query<{ action: string; name: string }>(
      `select action, actor_name as name from audit_events
        where tenant_id = $1 and action like 'deletion.%' order by id`,
      [tenant.tenantId],
    );
    return rows.map(({ action, name }) => `${action} ${name}`);
  };
  const subjects = async () =>
    (await listOutbox())
      .filter(({ to }) => to === owner)
      .map(({ subject }) => subject)
      .toSorted();
  /** As the background engine does, until there is nothing to do. */
  const carriedForward = async () => {
    await advanceDeletion(id);
    await advanceDeletion(id);
    return (await deletions.dueDeletions(3, 1_000)).every((due) => due.id !== id);
  };

  it('before anybody was told is on the record of the tenant at once, and its owners get no mail', async () => {
    await stopDeletion(ada, id);
    expect(await recorded()).toEqual(['deletion.stopped Ada']);
    expect(await carriedForward()).toBe(true);
    expect(await recorded()).toEqual(['deletion.stopped Ada']);
    expect(await subjects()).toEqual([]);
  });

  it('is told to those who were told of the beginning, and on record once', async () => {
    await advanceDeletion(id);
    await stopDeletion(ada, id);
    expect(await carriedForward()).toBe(true);
    expect(await recorded()).toEqual([
      'deletion.asked Ada',
      'deletion.told Tenantry',
      'deletion.stopped Ada',
      'deletion.end_told Tenantry',
    ]);
    expect(await subjects()).toEqual([
      'Harbour is not deleted',
      expect.stringMatching(/^Harbour is to be deleted on /),
    ]);
  });

  it('is told also when the process that told of the beginning could not note it', async () => {
    await advanceDeletion(id);
    await database.owner.query('update tenant_deletions set told_at = null where id = $1', [id]);
    await stopDeletion(ada, id);
    expect(await carriedForward()).toBe(true);
    expect(await subjects()).toContain('Harbour is not deleted');
  });

  it('cannot be stopped twice, and leaves nothing on record then', async () => {
    await stopDeletion(ada, id);
    await expect(stopDeletion(ada, id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await recorded()).toEqual(['deletion.stopped Ada']);
  });
});
