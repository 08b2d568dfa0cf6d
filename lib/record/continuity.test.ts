import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  newId,
  record as store,
  type TenantContext,
  type TenantId,
  type TenantTransaction,
  withTenant,
} from '@/db';
import { testDatabase } from '@/db/testing';
import { recordAudit } from '@/lib/audit';
import { holdTestKey } from '@/lib/vault/testing';
import { continuation, forgetSigned } from './continuity';
import { originOf, sealRecord } from './seal';
import { finalCheckpoint, signCheckpoints } from './sign';
import { forgeOutcome } from './testing/tamper';
import { sampleRecord, verifyTenantRecord } from './verify-database';

const database = testDatabase();
const directory = mkdtempSync(join(tmpdir(), 'tenantry-continuity-'));
let tenant: TenantContext;

const recordIn = (tx: TenantTransaction, of: TenantContext, name: string) =>
  recordAudit(
    tx,
    { ...of, actor: { type: 'system', id: null, name: 'Test' }, requestId: 'request-1' },
    { action: 'automation.created', target: { type: 'automation', id: newId(), name } },
  );
const record = (name: string) => withTenant(tenant, (tx) => recordIn(tx, tenant, name));

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

it('a tree that another process grew and signed since it was read goes on as it is by now', async () => {
  const tree = await store.treeOf(store.recordReader(), tenant.tenantId);
  if (!tree) throw new Error('It was sealed.');
  await record('four');
  expect(await finalCheckpoint(tenant.tenantId)).toMatchObject({ size: 4 });
  expect(await continuation(tree)).toMatchObject({ state: { size: 4 }, broken: null });
});

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

  it('is not signed whatever rows of checkpoints say that it goes on from something else', async () => {
    const stranger = await database.createTenant();
    await withTenant(stranger, (tx) => recordIn(tx, stranger, 'theirs'));
    const theirs = (await finalCheckpoint(stranger.tenantId))?.note ?? '';
    await forge();
    for (const [size, note] of [
      [1, theirs],
      [4, `${originOf(tenant.tenantId)}\n4\n${Buffer.alloc(32).toString('base64')}\n\n— x y\n`],
    ]) {
      await database.owner.query(
        `insert into record_checkpoints (tenant_id, id, size, note, signed_at, published_at)
         values ($1, gen_random_uuid(), $2, $3, now(), now())`,
        [tenant.tenantId, size, note],
      );
    }
    await database.owner.query('update record_trees set checkpoint_size = 1 where tenant_id = $1', [
      tenant.tenantId,
    ]);
    await record('four');
    await record('five');
    forgetSigned();
    expect(await finalCheckpoint(tenant.tenantId)).toMatchObject({ size: 3 });
    expect(await failure()).toContain('changed behind its last checkpoint');
  });

  it('is not signed where its nodes are gone, and nobody else waits for it', async () => {
    const neighbour = await database.createTenant();
    await database.owner.query('delete from record_tiles where tenant_id = $1', [tenant.tenantId]);
    await record('four');
    await withTenant(neighbour, (tx) => recordIn(tx, neighbour, 'theirs'));
    await sealRecord();
    await signCheckpoints(0);
    const trees = [tenant, neighbour].map(({ tenantId }) =>
      store.treeOf(store.recordReader(), tenantId),
    );
    expect(await Promise.all(trees)).toMatchObject([
      { size: 4, checkpointSize: 3 },
      { size: 1, checkpointSize: 1 },
    ]);
    expect(await failure()).toContain('changed behind its last checkpoint');
  });

  it('keeps nobody else waiting, however many there are of its kind', async () => {
    const { rows: broken } = await database.owner.query<{ id: TenantId }>(
      `with made as (insert into tenants (id, name)
                     select gen_random_uuid(), 'Broken' from generate_series(1, 501) returning id)
       insert into record_trees (tenant_id, id, origin, size, frontier, grown_at)
       select id, id, 'broken.example', 1, '', now() - interval '1 day' from made returning id`,
    );
    await record('four');
    await sealRecord();
    await signCheckpoints(0);
    await signCheckpoints(0);
    const tree = await store.treeOf(store.recordReader(), tenant.tenantId);
    const ids = broken.map(({ id }) => id);
    await database.owner.query('delete from record_trees where id = any ($1)', [ids]);
    await database.owner.query('delete from tenants where id = any ($1)', [ids]);
    expect(tree).toMatchObject({ size: 4, checkpointSize: 4 });
  });

  it('is found by a look at part of the record', async () => {
    const own = async () =>
      (await sampleRecord(30_000)).findings.filter((found) => found.tenantId === tenant.tenantId);
    expect(await own()).toEqual([]);
    await forge();
    expect(await own()).not.toEqual([]);
  });
});

describe('a record whose name was changed', () => {
  const rename = (origin: string) =>
    database.owner.query('update record_trees set origin = $2 where tenant_id = $1', [
      tenant.tenantId,
      origin,
    ]);
  const root = Buffer.alloc(32).toString('base64');

  it.each([
    [
      'another’s, in lines of its own',
      (id: string) => `host/tenants/${newId()}\n9\n${root}\n${id}`,
    ],
    ['the same on another host', (id: string) => `elsewhere.example/tenants/${id}`],
  ])('is not signed: %s', async (_what, origin) => {
    await rename(origin(tenant.tenantId));
    await record('four');
    expect(await finalCheckpoint(tenant.tenantId)).toMatchObject({ size: 3 });
    forgetSigned();
    expect(await signCheckpoints(0, tenant.tenantId)).toBe(0);
    expect(await failure()).toContain('name of the record was changed');
  });

  it('is not signed for the first time either', async () => {
    tenant = await database.createTenant();
    await record('one');
    await sealRecord();
    await rename(`${originOf(newId<TenantId>())}\n9\n${root}\n`);
    expect(await signCheckpoints(0, tenant.tenantId)).toBe(0);
    await rename(originOf(tenant.tenantId));
    expect(await signCheckpoints(0, tenant.tenantId)).toBe(1);
  });
});
