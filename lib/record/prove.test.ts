import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditEventId, record as store, TenantContext } from '@/db';
import { proveEvent, recordState } from './prove';
import { finalCheckpoint } from './sign';
import { recordStanding } from './standing';
import { recordedTenants } from './testing/recorded';
import { forgeOutcome } from './testing/tamper';
import { Frontier } from './tree';

const recorded = recordedTenants();
const { database } = recorded;
let tenant: TenantContext;
let ids: readonly AuditEventId[];

beforeEach(async () => {
  tenant = recorded.tenant;
  ids = recorded.ids;
  await finalCheckpoint(tenant.tenantId);
});

interface Tree {
  readonly size: number;
  readonly frontier: Buffer;
  readonly origin: string;
}

/** A checkpoint of the tree as it is now, by whoever rules the database: with no signature of ours. */
async function exchangeCheckpoint(): Promise<void> {
  const { rows } = await database.owner.query<Tree>(
    'select size::int as size, frontier, origin from record_trees where tenant_id = $1',
    [tenant.tenantId],
  );
  const { size, frontier, origin } = rows[0] as Tree;
  const root = new Frontier(size, frontier).root().toString('base64');
  await database.owner.query('update record_checkpoints set note = $2 where tenant_id = $1', [
    tenant.tenantId,
    `${origin}\n${size}\n${root}\n\n— ${origin} AAAA\n`,
  ]);
}

describe('an event whose record and checkpoint were exchanged together in the database', () => {
  beforeEach(async () => {
    expect(await recordState(tenant)).toMatchObject({ behind: false, checkpoint: { ours: true } });
    await forgeOutcome({
      client: database.owner as unknown as store.RecordReader,
      tenantId: tenant.tenantId,
      draw: () => 1,
    });
    await exchangeCheckpoint();
  });

  it('is not proven: the checkpoint is not signed by us', async () => {
    for (const id of ids) {
      expect(await proveEvent(tenant, id)).toEqual({
        state: 'broken',
        problems: [expect.stringContaining('not signed')],
      });
    }
  });

  it('lets the record be behind, and says that its checkpoint is not ours', async () => {
    expect(await recordState(tenant)).toMatchObject({ behind: true, checkpoint: { ours: false } });
  });

  it('is told to staff, whom its people are asked to tell', async () => {
    expect(await recordStanding(tenant.tenantId)).toMatchObject({ ours: false });
  });
});

it('a record whose checkpoints were all taken away has none of ours, for staff as well', async () => {
  await database.owner.query('delete from record_checkpoints where tenant_id = $1', [
    tenant.tenantId,
  ]);
  expect(await recordStanding(tenant.tenantId)).toMatchObject({ ours: false });
});

it('a checkpoint of ours is one for staff as well', async () => {
  expect(await recordStanding(tenant.tenantId)).toMatchObject({ ours: true });
});

it.each([
  ['no note', 'all is well'],
  ['a note that is no checkpoint', 'all is well\n\n— somebody AAAA\n'],
])(
  'a checkpoint of which the database holds %s is not ours, and proves nothing',
  async (_what, note) => {
    await database.owner.query('update record_checkpoints set note = $2 where tenant_id = $1', [
      tenant.tenantId,
      note,
    ]);
    expect(await recordState(tenant)).toMatchObject({
      ...{ behind: true, checkpoint: { size: 3, root: '', ours: false } },
    });
    expect(await proveEvent(tenant, ids[1] as AuditEventId)).toEqual({
      state: 'broken',
      problems: [expect.stringContaining('not signed')],
    });
  },
);

it('an event is proven by the checkpoint that was signed under an earlier address', async () => {
  vi.stubEnv('APP_URL', 'https://moved.example');
  expect(await proveEvent(tenant, ids[1] as AuditEventId)).toMatchObject({ state: 'proven' });
  expect(await recordState(tenant)).toMatchObject({ behind: false });
});
