import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type AuditEventId,
  newId,
  record as store,
  type TenantContext,
  type TenantId,
  withTenant,
} from '@/db';
import { testDatabase } from '@/db/testing';
import { recordAudit } from '@/lib/audit';
import { firstIdOf } from '@/lib/ids';
import type { ActingContext } from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import { openCheckpoint } from './checkpoint';
import { rawPublicKey, signNote, verifierKey } from './note';
import { recordState } from './prove';
import { sealRecord } from './seal';
import { finalCheckpoint } from './sign';
import { readSigningKey, signingKeyFile } from './signing-key';
import { forgetRecordKeys } from './tenant-key';
import { Frontier, leafHash } from './tree';

const database = testDatabase();
const directory = mkdtempSync(join(tmpdir(), 'tenantry-record-'));

beforeAll(() => {
  vi.stubEnv('DATA_DIR', directory);
  holdTestKey();
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

const actingIn = ({ tenantId }: TenantContext): ActingContext => ({
  tenantId,
  actor: { type: 'member', id: newId(), name: 'Ada Example' },
  requestId: 'request-1',
  ipAddress: '192.0.2.1',
});

const record = (tenant: TenantContext, name: string) =>
  withTenant(tenant, (tx) =>
    recordAudit(tx, actingIn(tenant), {
      action: 'automation.created',
      target: { type: 'automation', id: newId(), name },
    }),
  );

/** A promise, and what fulfils it. */
function signal(): [Promise<void>, () => void] {
  let raise = () => {};
  const raised = new Promise<void>((resolve) => {
    raise = resolve;
  });
  return [raised, raise];
}

async function leaves(tenantId: TenantId) {
  const { rows } = await database.owner.query<{ id: string; sequence: string; leaf: string }>(
    'select id, sequence, leaf from record_leaves where tenant_id = $1 order by sequence',
    [tenantId],
  );
  return rows;
}

describe('sealing', () => {
  it('gives every event of a tenant a leaf, in a gap-free order, and the root is theirs', async () => {
    const tenant = await database.createTenant();
    const ids = [];
    for (const name of ['one', 'two', 'three']) ids.push(await record(tenant, name));
    await sealRecord();
    ids.push(await record(tenant, 'four'));
    await sealRecord();
    const found = await leaves(tenant.tenantId);
    expect(found.map(({ id }) => id)).toEqual(ids);
    expect(found.map(({ sequence }) => sequence)).toEqual(['0', '1', '2', '3']);
    const frontier = new Frontier();
    for (const { leaf } of found) frontier.append(leafHash(leaf));
    const final = await finalCheckpoint(tenant.tenantId);
    expect(final).toMatchObject({ size: 4, root: frontier.root().toString('base64') });
  });

  it('keeps names and addresses out of the open part of a leaf', async () => {
    const tenant = await database.createTenant();
    await record(tenant, 'canary-target');
    await sealRecord();
    const [row] = await leaves(tenant.tenantId);
    expect(row?.leaf).not.toMatch(/canary-target|Ada|192\.0\.2\.1/);
    expect(JSON.parse(row?.leaf ?? '').event.action).toBe('automation.created');
  });

  it('loses no event whose transaction ends after later ones were sealed', async () => {
    const tenant = await database.createTenant();
    const [ended, end] = signal();
    const [begun, begin] = signal();
    const late = withTenant(tenant, async (tx) => {
      const id = await recordAudit(tx, actingIn(tenant), {
        action: 'automation.created',
        target: { type: 'automation', id: newId(), name: 'late' },
      });
      begin();
      await ended;
      return id;
    });
    await begun;
    const early = await record(tenant, 'early');
    await sealRecord();
    expect((await leaves(tenant.tenantId)).map(({ id }) => id)).toEqual([early]);
    end();
    const lateId = await late;
    await sealRecord();
    expect((await leaves(tenant.tenantId)).map(({ id }) => id)).toEqual([early, lateId]);
  });

  it('makes one tree of one record, however many processes are at it', async () => {
    const tenants = await Promise.all([1, 2, 3].map(() => database.createTenant()));
    const writing = Promise.all(
      Array.from({ length: 120 }, (_, at) => record(tenants[at % 3] as TenantContext, `${at}`)),
    );
    const sealing = Promise.all(Array.from({ length: 6 }, () => sealRecord()));
    await Promise.all([writing, sealing]);
    await sealRecord();
    for (const { tenantId } of tenants) {
      const sequences = (await leaves(tenantId)).map(({ sequence }) => Number(sequence));
      expect(sequences).toEqual(Array.from({ length: 40 }, (_, at) => at));
    }
  });

  it('goes on without personal data where the keys of an organisation were destroyed', async () => {
    const tenant = await database.createTenant();
    await record(tenant, 'before');
    await sealRecord();
    await database.owner.query('delete from tenant_keys where tenant_id = $1', [tenant.tenantId]);
    forgetRecordKeys();
    await record(tenant, 'after');
    await sealRecord();
    const found = (await leaves(tenant.tenantId)).map(({ leaf }) => JSON.parse(leaf).personal);
    expect(found).toEqual([expect.any(String), null]);
  });

  it('leaves a record that cannot grow to itself, and goes on with the others', async () => {
    const [broken, sound] = [await database.createTenant(), await database.createTenant()];
    await record(broken, 'one');
    await sealRecord();
    await database.owner.query('update record_leaves set sequence = 1 where tenant_id = $1', [
      broken.tenantId,
    ]);
    await record(broken, 'two');
    await record(sound, 'one');
    await sealRecord();
    expect(await leaves(sound.tenantId)).toHaveLength(1);
    const { rows } = await database.owner.query(
      'select reason from record_waiting where tenant_id = $1',
      [broken.tenantId],
    );
    expect(rows).toHaveLength(1);
  });

  it('begins anew where transactions count anew, and seals what came since', async () => {
    const tenant = await database.createTenant();
    await record(tenant, 'before');
    await sealRecord();
    await database.owner.query(
      `update record_progress set cluster = 'another', done = '9000000:9000000:'`,
    );
    await record(tenant, 'after');
    await sealRecord();
    expect(await leaves(tenant.tenantId)).toHaveLength(2);
  });
});

describe('a checkpoint', () => {
  it('is signed with the key of the installation, and no other', async () => {
    const tenant = await database.createTenant();
    await record(tenant, 'one');
    const final = await finalCheckpoint(tenant.tenantId);
    const key = readSigningKey(signingKeyFile());
    if (!key || !final) throw new Error('nothing was signed');
    const own = verifierKey(final.origin, rawPublicKey(key));
    expect(final.origin).toContain(`/tenants/${tenant.tenantId}`);
    expect(openCheckpoint(final.note, [own])).toMatchObject({ origin: final.origin, size: 1 });
    const other = verifierKey(`${final.origin}x`, rawPublicKey(key));
    expect(openCheckpoint(final.note, [other])).toBeNull();
    expect(openCheckpoint(final.note.replace('\n1\n', '\n2\n'), [own])).toBeNull();
  });

  it('holds only in the name of its signer, and with nothing behind its three lines', async () => {
    const tenant = await database.createTenant();
    await record(tenant, 'one');
    const { origin, note } = (await finalCheckpoint(tenant.tenantId)) ?? { origin: '', note: '' };
    const key = readSigningKey(signingKeyFile());
    if (!key) throw new Error('nothing was signed');
    const own = verifierKey(origin, rawPublicKey(key));
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    expect(openCheckpoint(signNote(text, origin, [key]), [own])).toMatchObject({ origin });
    const other = `${origin}x`;
    const foreign = signNote(text, other, [key]);
    expect(openCheckpoint(foreign, [own, verifierKey(other, rawPublicKey(key))])).toBeNull();
    const longer = signNote(`${text}more\n`, origin, [key]);
    expect(() => openCheckpoint(longer, [own])).toThrow('no checkpoint');
  });

  it('is null for a tenant that has nothing on record', async () => {
    const tenant = await database.createTenant();
    expect(await finalCheckpoint(tenant.tenantId)).toBeNull();
  });
});

describe('when an event was written, and in which transaction', () => {
  it.each(['tenantry_app', 'tenantry_identity', 'tenantry_platform'])(
    'is not for %s to say',
    async (role) => {
      const { rows } = await database.owner.query<{ writes: boolean; dates: boolean }>(
        `select has_column_privilege($1, 'audit_events', 'action', 'insert') as writes,
                has_column_privilege($1, 'audit_events', 'created_at', 'insert')
             or has_column_privilege($1, 'audit_events', 'written_in', 'insert') as dates`,
        [role],
      );
      expect(rows[0]).toEqual({ writes: true, dates: false });
    },
  );
});

describe('a sealer that stands still', () => {
  it('is told to the doctor and to the organisation', async () => {
    const tenant = await database.createTenant();
    await record(tenant, 'one');
    await finalCheckpoint(tenant.tenantId);
    const late = { leaf: 60, checkpoint: 600 };
    expect(await recordState(tenant)).toMatchObject({ behind: false });
    expect(await store.recordLag(late)).toMatchObject({ unsealed: 0 });
    const id = firstIdOf<AuditEventId>(Date.now() - 600_000);
    const hour = "now() - interval '1 hour'";
    await database.owner.query(
      `update record_checkpoints set signed_at = ${hour} where tenant_id = $1`,
      [tenant.tenantId],
    );
    const written = await record(tenant, 'two');
    await database.owner.query(
      "update audit_events set id = $2, created_at = now() - interval '10 minutes' where id = $1",
      [written, id],
    );
    expect(await store.recordLag(late)).toMatchObject({ unsealed: 1 });
    expect(await recordState(tenant)).toMatchObject({ behind: true });
    await finalCheckpoint(tenant.tenantId);
    expect(await store.recordLag(late)).toMatchObject({ unsealed: 0 });
    expect(await recordState(tenant)).toMatchObject({ behind: false });
  });
});

describe('the tree', () => {
  it.each(['record_trees', 'record_leaves', 'record_tiles', 'record_checkpoints'])(
    '%s is not for the app to write',
    async (table) => {
      const { rows } = await database.owner.query<{ may: boolean }>(
        `select has_any_column_privilege('tenantry_app', $1, 'insert, update')
             or has_table_privilege('tenantry_app', $1, 'delete, truncate') as may`,
        [table],
      );
      expect(rows[0]?.may).toBe(false);
    },
  );
});
