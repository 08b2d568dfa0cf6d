import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RecordAtErasure } from '@/lib/lifecycle/contract';
import { rawPublicKey, signNote, verifierKey } from '@/lib/record';
import { deletion } from './deletion';

const directory = mkdtempSync(join(tmpdir(), 'tenantry-certificate-'));
afterAll(() => rmSync(directory, { recursive: true }));

const { privateKey: own } = generateKeyPairSync('ed25519');
const { privateKey: stranger } = generateKeyPairSync('ed25519');
const tenantId = '01a20000-0000-7000-8000-000000000001';
const signer = 'app.example/deletions';

function checkpointOf(tenant: string, key: KeyObject = own): string {
  const origin = `app.example/tenants/${tenant}`;
  return signNote(`${origin}\n7\n${Buffer.alloc(32).toString('base64')}\n`, origin, [key]);
}

function certificate(
  record: string | null,
  recordState?: RecordAtErasure,
  rows: Readonly<Record<string, number>> = { runs: 2 },
): string {
  const at = '2026-01-01T00:00:00.000Z';
  const text = {
    kind: 'tenantry/deletion-certificate',
    version: 1,
    deletionId: 'deletion',
    tenantId,
    tenantNameDigest: '',
    askedBy: 'owner',
    ...{ askedAt: at, graceUntil: at, closedAt: at, erasedAt: at },
    ...{ rows, rowsTotal: 2, files: 0, keysDestroyed: 1, connections: [] },
    record,
    ...(recordState ? { recordState } : {}),
    scannedTables: 9,
    verifierKey: verifierKey(signer, rawPublicKey(own)),
  };
  return signNote(`${JSON.stringify(text)}\n`, signer, [own]);
}

function verify(text: string) {
  const file = join(directory, 'certificate.txt');
  writeFileSync(file, text);
  return deletion(['verify', file]);
}

describe('a certificate that is verified', () => {
  it('says how far the audit record was signed for, and by whom', async () => {
    const { text, code } = await verify(certificate(checkpointOf(tenantId)));
    expect(text).toContain('Record        7 events, signed with the key of this certificate');
    expect(code).toBe(0);
  });

  it('says so where nothing was ever on record', async () => {
    expect((await verify(certificate(null))).text).toContain('nothing was ever on it');
  });

  it('says when the last state of the record bears another’s signature', async () => {
    const { text } = await verify(certificate(checkpointOf(tenantId, stranger)));
    expect(text).toContain('7 events, NOT signed with the key of this certificate');
  });

  it.each([
    ['of another organisation', checkpointOf('01a20000-0000-7000-8000-000000000002')],
    ['no checkpoint at all', 'all is well'],
  ])('does not hold when its record is %s', async (_what, record) => {
    await expect(verify(certificate(record))).rejects.toThrow('does not hold');
  });
});

describe('of how the record stood when it was erased, a certificate', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const looked = { sealed: 7, signed: 7, unsealed: 0, at };
  const all = { audit_events: 8, record_leaves: 7 };
  const said = async (...args: Parameters<typeof certificate>) =>
    (await verify(certificate(...args))).text;

  it('of an earlier version holds, and says nothing', async () => {
    const text = await said(checkpointOf(tenantId));
    expect(text).toContain('The certificate holds');
    expect(text).toContain('Nothing is said of whether it was whole');
  });

  it('says that all of it was signed for', async () => {
    const text = await said(checkpointOf(tenantId), { state: 'signed', ...looked }, all);
    expect(text).toContain('Signed for to its end');
    expect(text).not.toMatch(/ATTENTION|NOT WHOLE/);
  });

  it('says how many events of its end were not signed for', async () => {
    const tail = { ...looked, sealed: 9, unsealed: 1 };
    const rows = { audit_events: 10, record_leaves: 9 };
    const text = await said(checkpointOf(tenantId), { state: 'unsigned_tail', ...tail }, rows);
    expect(text).toContain('ATTENTION: Its end was not signed for');
    expect(text).toContain('3 events behind that could not be signed for');
  });

  it('says that the signer refused it, why, and what to do', async () => {
    const because = 'The record was changed behind its last checkpoint; it is not signed any more.';
    const text = await said(checkpointOf(tenantId), { state: 'refused', because, ...looked }, all);
    expect(text).toContain('ATTENTION: It was not signed any more: the signer refused to sign it');
    expect(text).toContain(because);
    expect(text).toContain('checkpoints that you kept');
  });

  it('does not say that it was changed where that is not known', async () => {
    const because = 'The latest checkpoint outside the database is not signed with a known key.';
    const text = await said(checkpointOf(tenantId), { state: 'refused', because, ...looked }, all);
    expect(text).toContain(because);
    expect(text).not.toMatch(/It was changed|the change/);
  });

  it('does not say that nothing was on a record of which the checkpoints were gone', async () => {
    const none = { ...looked, signed: 0, because: 'It is not there.' };
    const text = await said(null, { state: 'refused', ...none }, all);
    expect(text).toContain('no checkpoint of it is there');
    expect(text).not.toContain('nothing was ever on it');
  });

  it('says when it is not known', async () => {
    const text = await said(checkpointOf(tenantId), { state: 'unknown' }, all);
    expect(text).toContain('ATTENTION: It is not known whether it was whole');
  });

  it.each([
    ['events', { audit_events: 5, record_leaves: 7 }],
    ['leaves', { audit_events: 7, record_leaves: 5 }],
  ])('of which %s were gone before says how many', async (_what, rows) => {
    const text = await said(checkpointOf(tenantId), { state: 'signed', ...looked }, rows);
    expect(text).toContain('NOT WHOLE: 2 of its sealed events were gone before it was erased');
  });
});
