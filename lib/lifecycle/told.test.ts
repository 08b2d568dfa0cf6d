import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DeletionId, deletions, type TenantContext } from '@/db';
import { testDatabase } from '@/db/testing';
import { holdTestKeyFile } from '@/lib/vault/testing';
import { advanceDeletion } from './advance';
import { askedDeletion } from './testing';
import { mailServer } from './testing/mail-server';

const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-told-'));
const keyFile = join(dataDir, 'key');
const post = await mailServer();
vi.stubEnv('DATA_DIR', dataDir);
vi.stubEnv('KEY_FILE', keyFile);
vi.stubEnv('LOG_LEVEL', 'silent');
vi.stubEnv('SMTP_URL', post.url);
const database = testDatabase();
let tenant: TenantContext;
let first: string;
let second: string;
let id: DeletionId;

beforeAll(() => holdTestKeyFile(keyFile));
afterAll(() => post.close());
beforeEach(async () => {
  post.taken.length = 0;
  post.refused.clear();
  post.arriving = () => {};
  tenant = await database.createTenant();
  const owners = [
    await database.createMember(tenant, { role: 'owner' }),
    await database.createMember(tenant, { role: 'owner' }),
  ];
  // In the order in which they are written to.
  [first = '', second = ''] = owners.map(({ email }) => email).toSorted();
  id = await askedDeletion(database, tenant.tenantId, new Date(Date.now() + 20 * 86_400_000));
  await sql('update tenant_deletions set told_at = null where id = $1');
});

const sql = (text: string) => database.owner.query(text, [id]);

/** As an owner or staff do. */
const end = () =>
  sql(
    `update tenant_deletions set ended_at = now(), ended_by = gen_random_uuid(), ended_name = 'Paula'
      where id = $1`,
  );

const told = (subject: RegExp) =>
  post.taken.flatMap((line) => {
    const [to = '', about = ''] = line.split(': ');
    return subject.test(about) ? [to] : [];
  });
const toBeDeleted = () => told(/is to be deleted/);
const notDeleted = () => told(/is not deleted/);

/** In a process that dies as soon as a mail arrives for somebody. */
async function tellAndDie(at: string): Promise<void> {
  const path = fileURLToPath(new URL('testing/doomed.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path, id, 'none', '0']);
  child.stderr.pipe(process.stderr);
  post.arriving = (to) => {
    if (to === at) child.kill('SIGKILL');
  };
  const [, signal] = await once(child, 'close');
  post.arriving = () => {};
  expect(signal).toBe('SIGKILL');
}

describe('a deletion that is ended before all owners were told of it', () => {
  it.each(['first', 'second'])(
    'is told to whoever had got the mail, where that of the %s was refused',
    async (which) => {
      const [refused, reached] = which === 'first' ? [first, second] : [second, first];
      post.refused.add(refused);
      await advanceDeletion(id);
      expect(toBeDeleted()).toEqual([reached]);
      post.refused.clear();
      await end();
      await advanceDeletion(id);
      expect(notDeleted()).toContain(reached);
      const due = await deletions.dueDeletions(3, 1_000);
      expect(due.map((each) => each.id)).not.toContain(id);
    },
  );

  it('is told to whoever had got the mail of a process that ended then', async () => {
    await tellAndDie(second);
    expect(toBeDeleted()).toEqual([first]);
    await end();
    await advanceDeletion(id);
    expect(notDeleted()).toContain(first);
  });

  it('is told to nobody when nobody had been written to, though it cannot be noted at first', async () => {
    await end();
    await database.owner.query('alter table audit_events rename to audit_events_away');
    await advanceDeletion(id);
    await database.owner.query('alter table audit_events_away rename to audit_events');
    await sql('update tenant_deletions set retry_at = null where id = $1');
    await advanceDeletion(id);
    expect(post.taken).toEqual([]);
    const due = await deletions.dueDeletions(3, 1_000);
    expect(due.map((each) => each.id)).not.toContain(id);
  });
});
