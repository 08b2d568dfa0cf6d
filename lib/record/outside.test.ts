import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { TenantContext } from '@/db';
import { ObjectStoreError, objectStore } from '@/lib/objects';
import { findingOf } from './doctor';
import { checkpointKey, publishCheckpoints } from './publish';
import { sealRecord } from './seal';
import { finalCheckpoint, signCheckpoints } from './sign';
import { recordedTenants } from './testing/recorded';
import { verifyTenantRecord } from './verify-database';

const recorded = recordedTenants();
const { database, directory, record, sampled } = recorded;
let tenant: TenantContext;

const sql = (text: string) => database.owner.query(text, [tenant.tenantId]);

const verified = async () => (await verifyTenantRecord(tenant.tenantId)).findings;
const wipeOutside = () => rmSync(join(directory, 'objects'), { recursive: true, force: true });

beforeEach(() => {
  tenant = recorded.tenant;
});

const missing = (size: number) => [
  expect.objectContaining({ kind: 'checkpoint_missing', where: String(size) }),
];

describe('a checkpoint that was published and is not outside', () => {
  it('is missed by both looks when everything there was deleted', async () => {
    await finalCheckpoint(tenant.tenantId);
    expect([...(await verified()), ...(await sampled())]).toEqual([]);
    wipeOutside();
    expect(await verified()).toEqual(missing(3));
    expect(await sampled()).toEqual(missing(3));
  });

  it('is missed when the database was made to say that it got there', async () => {
    await finalCheckpoint(tenant.tenantId);
    await record();
    await sealRecord();
    await signCheckpoints(0, tenant.tenantId);
    await sql('update record_checkpoints set published_at = now() where tenant_id = $1');
    expect(await publishCheckpoints(undefined, tenant.tenantId)).toEqual({
      published: 0,
      failed: 0,
    });
    expect(await verified()).toEqual(missing(4));
    expect(await sampled()).toEqual(missing(4));
  });

  it('is no change of the record to the doctor, which asks for the place outside and lets it start', async () => {
    await finalCheckpoint(tenant.tenantId);
    wipeOutside();
    expect((await sampled()).map(findingOf)).toEqual([
      expect.objectContaining({
        severity: 'warning',
        remedy: expect.stringContaining('OBJECTS_URL'),
      }),
    ]);
  });
});

describe('nothing is missed', () => {
  const nothing = async () => expect([...(await verified()), ...(await sampled())]).toEqual([]);

  it('before anything was sealed, signed or published', async () => {
    await nothing();
    await sealRecord();
    await nothing();
    await signCheckpoints(0, tenant.tenantId);
    await nothing();
  });

  it('when a process ended between putting a checkpoint outside and noting that', async () => {
    await finalCheckpoint(tenant.tenantId);
    await sql('update record_checkpoints set published_at = null where tenant_id = $1');
    await nothing();
  });

  it('while several processes publish the same', async () => {
    await sealRecord();
    await signCheckpoints(0, tenant.tenantId);
    await Promise.all([
      ...Array.from({ length: 4 }, () => publishCheckpoints(undefined, tenant.tenantId)),
      ...Array.from({ length: 4 }, nothing),
    ]);
    await nothing();
  });

  it('when older checkpoints outside are not kept for ever', async () => {
    await finalCheckpoint(tenant.tenantId);
    await record();
    await finalCheckpoint(tenant.tenantId);
    rmSync(join(directory, 'objects', 'retained'), { recursive: true, force: true });
    await objectStore().delete(checkpointKey(tenant.tenantId, 3));
    await nothing();
  });

  it('when the database was restored and the outside is ahead of it', async () => {
    await finalCheckpoint(tenant.tenantId);
    await record();
    await finalCheckpoint(tenant.tenantId);
    await sql('delete from record_checkpoints where tenant_id = $1 and size = 4');
    await nothing();
  });
});

it('a place outside that cannot be reached is said to be that, and nothing is missed', async () => {
  await finalCheckpoint(tenant.tenantId);
  const error = new ObjectStoreError('unavailable', 'The bucket does not answer.');
  const list = vi.spyOn(objectStore(), 'list').mockImplementation(() => {
    throw error;
  });
  try {
    await expect(verified()).rejects.toBe(error);
    await expect(sampled()).rejects.toBe(error);
  } finally {
    list.mockRestore();
  }
});
