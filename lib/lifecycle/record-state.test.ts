import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DeletionId, newId, type record as store, type TenantContext, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { recordAudit } from '@/lib/audit';
import { listOutbox, readOutboxMail } from '@/lib/mail';
import {
  closeRecord,
  rawPublicKey,
  sealRecord,
  signCheckpoints,
  signNote,
  trustedPublicKeys,
  verifierKey,
} from '@/lib/record';
import { forgetSigned } from '@/lib/record/continuity';
import { forgetRecordKeys } from '@/lib/record/tenant-key';
import { forgeOutcome } from '@/lib/record/testing/tamper';
import { createTenantKey } from '@/lib/vault';
import { holdTestKey } from '@/lib/vault/testing';
import { advanceDeletion } from './advance';
import { type Certificate, verifyCertificate } from './certificate';
import type { DeletionStage } from './contract';
import { askedDeletion } from './testing';

vi.stubEnv('DATA_DIR', mkdtempSync(join(tmpdir(), 'tenantry-erased-record-')));
const database = testDatabase();
let tenant: TenantContext;
let id: DeletionId;

beforeAll(() => holdTestKey());
beforeEach(async () => {
  tenant = await database.createTenant();
  await withTenant(tenant, (tx) => createTenantKey(tx, tenant.tenantId));
  for (const name of ['one', 'two', 'three']) await record(name);
  await closeRecord(tenant.tenantId);
  id = await askedDeletion(database, tenant.tenantId);
});

const record = (name: string) =>
  withTenant(tenant, (tx) =>
    recordAudit(
      tx,
      { ...tenant, actor: { type: 'system', id: null, name: 'Test' }, requestId: 'request-1' },
      { action: 'automation.created', target: { type: 'automation', id: newId(), name } },
    ),
  );

const sql = (text: string) => database.owner.query(text, [tenant.tenantId]);

/** An event is another one, in its row, its leaf and the tree: all but what was signed. */
const forge = () =>
  forgeOutcome({
    client: database.owner as unknown as store.RecordReader,
    tenantId: tenant.tenantId,
    draw: () => 1,
  });

async function wipe(): Promise<void> {
  for (const table of ['leaves', 'tiles', 'checkpoints', 'trees']) {
    await sql(`delete from record_${table} where tenant_id = $1`);
  }
  await sql('delete from audit_events where tenant_id = $1');
}

const advance = (before?: (stage: DeletionStage) => void) =>
  advanceDeletion(id, { settle: 0, ...(before ? { before } : {}) });

async function certified(): Promise<Certificate> {
  const { rows } = await database.owner.query<{ certificate: string }>(
    'select certificate from tenant_deletions where id = $1',
    [id],
  );
  const verdict = verifyCertificate(rows[0]?.certificate ?? '');
  if (!verdict.valid) throw new Error(verdict.why);
  return verdict.certificate;
}

/** Delete it, and read what the certificate says of the record. */
async function erased() {
  expect(await advance()).toBe('done');
  return (await certified()).recordState;
}

const noted = async (stage: string) => {
  await sql(`update tenant_deletions set retry_at = null where tenant_id = $1`);
  const { rows } = await sql('select stage from tenant_deletions where tenant_id = $1');
  expect(rows).toEqual([{ stage }]);
};

describe('the certificate of an organisation whose record', () => {
  it('was whole says that all of it was signed for', async () => {
    await record('four');
    expect(await erased()).toMatchObject({ state: 'signed', sealed: 4, signed: 4, unsealed: 0 });
    expect((await certified()).rows).toMatchObject({ audit_events: 4, record_leaves: 4 });
  });

  it('never began says so', async () => {
    tenant = await database.createTenant();
    id = await askedDeletion(database, tenant.tenantId);
    expect(await erased()).toMatchObject({ state: 'empty' });
  });

  it.each([
    ['with an event behind it', () => record('four')],
    ['with nothing behind it', async () => {}],
    ['by a process that has just started', async () => forgetSigned()],
  ])('was changed says that it was refused: %s', async (_what, then) => {
    await forge();
    await then();
    expect(await erased()).toMatchObject({
      state: 'refused',
      because: expect.stringContaining('changed behind its last checkpoint'),
      signed: 3,
    });
    expect((await certified()).record).toContain(`/tenants/${tenant.tenantId}\n3\n`);
  });

  it('was wiped says that it was refused, and holds the checkpoint that lies outside', async () => {
    await wipe();
    forgetSigned();
    expect(await erased()).toMatchObject({ state: 'refused', sealed: 0, signed: 3 });
    expect((await certified()).record).toContain(`/tenants/${tenant.tenantId}\n3\n`);
  });

  it('makes no tree any more says that it was refused, and nobody else waits for it', async () => {
    await sql(`update record_trees set size = 9, frontier = '' where tenant_id = $1`);
    const neighbour = await database.createTenant();
    const broken = tenant;
    tenant = neighbour;
    await record('theirs');
    await sealRecord();
    expect(await signCheckpoints(0)).toBe(1);
    tenant = broken;
    expect(await erased()).toMatchObject({ state: 'refused', signed: 3 });
  });

  it('has an end that cannot be sealed says so, and is waited for first', async () => {
    holdTestKey();
    forgetRecordKeys();
    await record('four');
    expect(await advance()).toBe('shredding');
    await sql(
      `update tenant_deletions set retry_at = null, stage_at = now() - interval '5 minutes'
        where tenant_id = $1`,
    );
    expect(await erased()).toMatchObject({ state: 'unsigned_tail', signed: 3, unsealed: 1 });
  });
});

const laterStages = ['shredding', 'erasing', 'scanning', 'certifying'] as const;

it.each(laterStages)('it says what was true before, though it fails when %s', async (stage) => {
  await forge();
  let failed = false;
  expect(
    await advance((now) => {
      if (now !== stage || failed) return;
      failed = true;
      throw new Error('The process ends here.');
    }),
  ).toBe(stage);
  await noted(stage);
  expect(await erased()).toMatchObject({ state: 'refused', signed: 3 });
});

describe('what was noted of a record, changed in the database until the certificate is made', () => {
  const refusedUntil = async () => {
    await forge();
    await advanceDeletion(id, { settle: 3_600 });
    await noted('scanning');
  };

  it.each([
    ['taken away', 'null'],
    ['written by somebody else', `'{"state":"signed"}'`],
    ['edited', `replace(record_state, '"refused"', '"signed"')`],
  ])('is not believed: %s', async (_what, value) => {
    await refusedUntil();
    await sql(`update tenant_deletions set record_state = ${value} where tenant_id = $1`);
    expect(await erased()).toEqual({ state: 'unknown' });
  });

  it.each([
    ['none', 'null'],
    ['of fewer events', `replace(checkpoint, E'\\n3\\n', E'\\n2\\n')`],
  ])('is not believed beside another checkpoint: %s', async (_what, value) => {
    await refusedUntil();
    await sql(`update tenant_deletions set checkpoint = ${value} where tenant_id = $1`);
    expect(await erased()).toEqual({ state: 'unknown' });
  });

  /** A signature is of a note's text alone: whoever has one may put another name before it. */
  const renamed = (note: string, name: string) => {
    const [text = '', line = ''] = note.split(/\n\n/);
    const [raw] = trustedPublicKeys();
    const [, keyId = ''] = verifierKey(name, raw as Buffer).split('+');
    const signature = Buffer.from(line.split(' ').at(-1) ?? '', 'base64').subarray(4);
    const bytes = Buffer.concat([Buffer.from(keyId, 'hex'), signature]);
    return `${text}\n\n— ${name} ${bytes.toString('base64')}\n`;
  };

  it('is not believed when it is that of another deletion', async () => {
    const [refused, own] = [tenant, id];
    tenant = await database.createTenant();
    for (const name of ['one', 'two', 'three']) await record(name);
    id = await askedDeletion(database, tenant.tenantId);
    await erased();
    const sound = id;
    [tenant, id] = [refused, own];
    await refusedUntil();
    const { rows } = await database.owner.query<{ note: string }>(
      'select record_state as note from tenant_deletions where id = $1',
      [sound],
    );
    const note = renamed(rows[0]?.note ?? '', 'deletions/record');
    await database.owner.query('update tenant_deletions set record_state = $2 where id = $1', [
      id,
      note,
    ]);
    expect(await erased()).toEqual({ state: 'unknown' });
  });
});

describe('a certificate that lies there before it is made', () => {
  /** The certificate of a deletion whose record was whole. */
  async function soundCertificate(): Promise<string> {
    const [refused, own] = [tenant, id];
    tenant = await database.createTenant();
    id = await askedDeletion(database, tenant.tenantId);
    await erased();
    const { rows } = await sql('select certificate from tenant_deletions where tenant_id = $1');
    [tenant, id] = [refused, own];
    return rows[0]?.certificate;
  }
  const signer = 'localhost/deletions';
  const strangers = async () => {
    const key = generateKeyPairSync('ed25519').privateKey;
    const sound = JSON.parse((await soundCertificate()).split('\n\n')[0] ?? '');
    const text = {
      ...{ ...sound, deletionId: id },
      verifierKey: verifierKey(signer, rawPublicKey(key)),
    };
    return signNote(`${JSON.stringify(text)}\n`, signer, [key]);
  };

  it.each([
    ['that of another deletion', soundCertificate],
    ['signed by a stranger', strangers],
    ['none', async () => 'all is well'],
  ])('is not taken for ours: %s', async (_what, planted) => {
    await forge();
    await database.owner.query('update tenant_deletions set certificate = $2 where id = $1', [
      id,
      await planted(),
    ]);
    expect(await erased()).toMatchObject({ state: 'refused' });
    expect(await certified()).toMatchObject({ deletionId: id });
  });
});

it('whoever asked is told in the mail that the record was not signed for', async () => {
  await forge();
  await erased();
  const [mail] = (await listOutbox()).filter((each) => each.id === (id as string));
  const { text } = (await readOutboxMail(mail?.id ?? '')) ?? {};
  expect(text).toContain('the signer refused to sign it');
});
