import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it, vi } from 'vitest';
import type { DeletionId, TenantId, UserId } from '@/db';
import { testDatabase } from '@/db/testing';
import { connect, testGoogle } from '@/lib/connections/testing';
import type { MemberContext } from '@/lib/tenancy';
import { holdTestKeyFile } from '@/lib/vault/testing';
import { type DeletionStage, verifyCertificate } from '.';
import { closingContext } from './context';
import { askedDeletion, fullTenant, othersRows } from './testing';

const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-killed-'));
const keyFile = join(dataDir, 'key');
vi.stubEnv('DATA_DIR', dataDir);
vi.stubEnv('KEY_FILE', keyFile);
vi.stubEnv('LOG_LEVEL', 'silent');
const google = testGoogle();
const database = testDatabase();

beforeAll(async () => {
  holdTestKeyFile(keyFile);
  await fullTenant(database);
});

interface Ended {
  readonly signal: string | null;
  readonly said: string;
}

/** Work on it in a process that dies in this stage. */
function work(id: DeletionId, stage: DeletionStage | 'none', after: number): Promise<Ended> {
  const path = fileURLToPath(new URL('testing/doomed.ts', import.meta.url));
  // Its environment is this process's own: the database, the stand-in, the key.
  const child = spawn(process.execPath, ['--import', 'tsx', path, id, stage, String(after)]);
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.pipe(process.stderr);
  return new Promise((resolve) => {
    child.on('close', (_code, signal) => resolve({ signal, said: said.trim() }));
  });
}

async function rowOf(id: DeletionId) {
  const { rows } = await database.owner.query('select * from tenant_deletions where id = $1', [id]);
  return rows[0];
}

/** Rows everywhere, a grant at a provider, and a deletion whose grace is over. */
async function given(): Promise<{ tenantId: TenantId; id: DeletionId }> {
  const tenantId = await fullTenant(database);
  const { rows } = await database.owner.query<{ userId: UserId }>(
    'select user_id as "userId" from memberships where tenant_id = $1 limit 1',
    [tenantId],
  );
  const context: MemberContext = {
    ...closingContext({ id: '' as DeletionId, tenantId }),
    ...{ userId: rows[0]?.userId as UserId, email: '', role: 'owner' as const, tenantName: 'Acme' },
  };
  await connect(context);
  google.clearRequests();
  return { tenantId, id: await askedDeletion(database, tenantId) };
}

/** Where it dies, and how many milliseconds after it got there; 0 is before it did anything. */
const deaths = [
  ['holding', 0],
  ['revoking', 0],
  ['revoking', 25],
  ['shredding', 0],
  ['shredding', 40],
  ['erasing', 0],
  ['erasing', 60],
  ['erasing', 150],
  ['scanning', 0],
  ['certifying', 0],
] as const;

it('a deletion whose process is killed at each stage ends as if nothing had been', async () => {
  const { tenantId, id } = await given();
  const before = await othersRows(database, tenantId);
  for (const [stage, after] of deaths) {
    const ended = await work(id, stage, after);
    expect(ended, `${stage} ${after}`).toMatchObject({ signal: 'SIGKILL' });
    if (after === 0) expect((await rowOf(id)).stage).toBe(stage);
  }
  expect(await work(id, 'none', 0)).toEqual({ signal: null, said: 'done' });
  expect(await othersRows(database, tenantId)).toEqual(before);
  const { certificate, counts } = await rowOf(id);
  expect(verifyCertificate(certificate)).toMatchObject({
    valid: true,
    certificate: {
      ...{ keysDestroyed: 1, connections: [{ revoked: true }] },
      recordState: { state: 'signed' },
    },
  });
  // Each row is counted with its end, in one transaction: none twice, and none not.
  expect(counts).toMatchObject({ users: 1, runs: 2, reports: 2, connections: 3 });
}, 900_000);
