import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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

function certificate(record: string | null): string {
  const at = '2026-01-01T00:00:00.000Z';
  const text = {
    kind: 'tenantry/deletion-certificate',
    version: 1,
    deletionId: 'deletion',
    tenantId,
    tenantNameDigest: '',
    askedBy: 'owner',
    ...{ askedAt: at, graceUntil: at, closedAt: at, erasedAt: at },
    ...{ rows: { runs: 2 }, rowsTotal: 2, files: 0, keysDestroyed: 1, connections: [] },
    record,
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
