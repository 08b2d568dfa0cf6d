import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Decrypter } from 'age-encryption';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ExportId, newId, type TenantId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { recordAudit } from '@/lib/audit';
import { testMember } from '@/lib/connections/testing';
import { directoryStore } from '@/lib/objects';
import { recordState, sealRecord, signCheckpoints, verifyBundle } from '@/lib/record';
import type { MemberContext } from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import {
  askAuditExport,
  askTenantExport,
  cancelExport,
  downloadExport,
  findExport,
  listExports,
} from '.';
import { failExport, makeExport } from './make';
import { purgeExports } from './purge';

const database = testDatabase();
const passphrase = 'correct horse battery staple';
let root: string;

beforeAll(async () => {
  holdTestKey();
  root = await mkdtemp(join(tmpdir(), 'exports-'));
  vi.stubEnv('OBJECTS_URL', `dir:${root}`);
  // Where the key lies that the record is signed with.
  vi.stubEnv('DATA_DIR', root);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

const record = (context: MemberContext, name: string) =>
  withTenant(context, (tx) =>
    recordAudit(tx, context, {
      action: 'automation.created',
      target: { type: 'automation', id: newId(), name },
    }),
  );
const fileOf = async (context: MemberContext, id: ExportId) =>
  buffer((await downloadExport(context, id)).body as never);
const actions = async ({ tenantId }: { tenantId: TenantId }) =>
  (
    await database.owner.query<{ action: string }>(
      "select action from audit_events where tenant_id = $1 and action like 'export.%' order by id",
      [tenantId],
    )
  ).rows.map(({ action }) => action);
const files = async () => {
  const keys: string[] = [];
  for await (const { key } of directoryStore(root).list('')) keys.push(key);
  return keys;
};

async function opened(context: MemberContext, id: ExportId, secret = passphrase) {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(secret);
  const zip = unzipSync(await decrypter.decrypt(await fileOf(context, id)));
  return Object.fromEntries(Object.entries(zip).map(([path, bytes]) => [path, strFromU8(bytes)]));
}

describe('an export of events', () => {
  it('holds exactly what is filtered, as CSV without formulas', async () => {
    const context = await testMember(database);
    for (const name of ['one', '=1+1', 'three']) await record(context, name);
    const id = await askAuditExport(context, 'csv', { action: 'automation.created' });
    await makeExport(context, id);
    const lines = (await fileOf(context, id)).toString().trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toContain(",'=1+1,");
    expect(await findExport(context, id)).toMatchObject({
      state: 'done',
      recordsDone: 3,
      recordsTotal: 3,
      downloads: 1,
    });
    expect(await actions(context)).toEqual([
      'export.requested',
      'export.finished',
      'export.downloaded',
    ]);
  });

  it('says in its digest what the file is', async () => {
    const context = await testMember(database);
    const id = await askAuditExport(context, 'jsonl', {});
    await makeExport(context, id);
    const file = await fileOf(context, id);
    const [event] = file.toString().trim().split('\n');
    expect(JSON.parse(event ?? '')).toMatchObject({ class_uid: 3004, message: 'export.requested' });
    const digest = createHash('sha256').update(file).digest('hex');
    expect(await findExport(context, id)).toMatchObject({ digest, bytes: file.length });
  });
});

describe('an export of the record', () => {
  const signed = async () => {
    await sealRecord();
    await signCheckpoints();
  };

  it.each([
    ['whole', {}],
    ['as it is filtered', { action: 'automation.created' as const }],
  ])('%s is verified by whoever has the key of its signature', async (_how, filter) => {
    const context = await testMember(database);
    for (const name of ['one', 'two']) await record(context, name);
    await signed();
    const id = await askAuditExport(context, 'record', filter);
    await makeExport(context, id);
    const lines = (await fileOf(context, id)).toString().trim().split('\n');
    const { verifierKey: key } = await recordState(context);
    const report = await verifyBundle(Readable.from(lines), { verifierKeys: [key ?? ''] });
    expect(report).toMatchObject({ problems: [], signature: 'verified', events: 2, opened: 2 });
  });

  it('is not made before anything was signed, and says when it will be', async () => {
    const context = await testMember(database);
    const id = await askAuditExport(context, 'record', {});
    await makeExport(context, id);
    expect(await findExport(context, id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('within a minute'),
    });
  });
});

describe('an export of everything', () => {
  it('is a zip of all tables that only the passphrase opens', async () => {
    const context = await testMember(database);
    await record(context, 'Ünïcode "quoted"\nline');
    const id = await askTenantExport(context, { passphrase });
    await makeExport(context, id);
    await expect(opened(context, id, 'something else entirely')).rejects.toThrow();
    const zip = await opened(context, id);
    const manifest = JSON.parse(zip['manifest.json'] ?? '');
    for (const { path, sha256, records } of manifest.files) {
      const text = zip[path] ?? '';
      expect(createHash('sha256').update(text).digest('hex'), path).toBe(sha256);
      if (records !== undefined) expect(text.split('\n').length - 1, path).toBe(records);
    }
    const [event] = (zip['tables/audit_events.jsonl'] ?? '')
      .split('\n')
      .map((line) => line && JSON.parse(line));
    expect(event).toMatchObject({
      target_name: 'Ünïcode "quoted"\nline',
      tenant_id: context.tenantId,
    });
    expect(JSON.parse(zip['tables/tenants.jsonl'] ?? '')).toMatchObject({ id: context.tenantId });
    expect(zip['tables/users.jsonl']).toContain(context.email);
  });

  it("holds nothing of another organisation's", async () => {
    const [mine, theirs] = [await testMember(database), await testMember(database)];
    await record(theirs, 'private');
    const id = await askTenantExport(mine, { passphrase });
    await makeExport(mine, id);
    const all = Object.values(await opened(mine, id)).join('\n');
    expect(all).not.toContain(theirs.tenantId);
    expect(all).not.toContain('private');
    expect(all).not.toContain(theirs.email);
  });

  it('forgets the passphrase once the file is made, and when it is not', async () => {
    const context = await testMember(database);
    const ids = [];
    for (let at = 0; at < 3; at += 1) ids.push(await askTenantExport(context, { passphrase }));
    const [made, failed, cancelled] = ids as [ExportId, ExportId, ExportId];
    await makeExport(context, made);
    await failExport(context, failed);
    await cancelExport(context, cancelled);
    const { rows } = await database.owner.query(
      'select state, sealed_passphrase from exports where tenant_id = $1 order by id',
      [context.tenantId],
    );
    expect(rows).toEqual([
      { state: 'done', sealed_passphrase: '' },
      { state: 'failed', sealed_passphrase: '' },
      { state: 'cancelled', sealed_passphrase: '' },
    ]);
  });

  it('is not there for an admin', async () => {
    const owner = await testMember(database);
    const admin: MemberContext = { ...owner, role: 'admin' };
    const id = await askTenantExport(owner, { passphrase });
    expect(await listExports(admin)).toEqual([]);
    const refusal = (await findExport(admin, newId<ExportId>()).catch((error) => error)).message;
    for (const act of [findExport, downloadExport, cancelExport]) {
      await expect(act(admin, id)).rejects.toMatchObject({ code: 'not_found', message: refusal });
    }
  });
});

describe('an export', () => {
  it('starts over after a worker died in the middle of it', async () => {
    const context = await testMember(database);
    await record(context, 'one');
    const id = await askAuditExport(context, 'csv', { action: 'automation.created' });
    await database.owner.query(
      "update exports set state = 'running', records_done = 700 where id = $1",
      [id],
    );
    await makeExport(context, id);
    expect(await findExport(context, id)).toMatchObject({ state: 'done', recordsDone: 1 });
  });

  it('that a second worker was given too is made once, and its file stays', async () => {
    const context = await testMember(database);
    for (const name of ['one', 'two']) await record(context, name);
    const id = await askAuditExport(context, 'csv', { action: 'automation.created' });
    // With a connection for each of them lying ready, they go side by side.
    await Promise.all([findExport(context, id), findExport(context, id)]);
    await Promise.all([makeExport(context, id), makeExport(context, id)]);
    const made = await findExport(context, id);
    expect(made).toMatchObject({ state: 'done', recordsDone: 2 });
    const digest = createHash('sha256').update(await fileOf(context, id));
    expect(digest.digest('hex')).toBe(made.digest);
    expect(await actions(context)).toEqual([
      'export.requested',
      'export.finished',
      'export.downloaded',
    ]);
  });

  it('that was cancelled leaves no file, whoever writes on', async () => {
    const context = await testMember(database);
    const id = await askAuditExport(context, 'csv', {});
    await cancelExport(context, id);
    await makeExport(context, id);
    expect(await findExport(context, id)).toMatchObject({ state: 'cancelled' });
    expect((await files()).filter((key) => key.includes(id))).toEqual([]);
    await expect(cancelExport(context, id)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('ends with its link, and its file is deleted', async () => {
    const context = await testMember(database);
    const id = await askAuditExport(context, 'csv', {});
    await makeExport(context, id);
    await database.owner.query('update exports set expires_at = now() where id = $1', [id]);
    await expect(downloadExport(context, id)).rejects.toMatchObject({ code: 'gone' });
    expect(await purgeExports()).toBe(1);
    expect((await files()).filter((key) => key.includes(id))).toEqual([]);
    expect(await findExport(context, id)).toMatchObject({ state: 'expired' });
  });

  it("of another organisation's is as one that does not exist", async () => {
    const [mine, theirs] = [await testMember(database), await testMember(database)];
    const id = await askAuditExport(theirs, 'csv', {});
    await makeExport(theirs, id);
    const refusals = await Promise.all(
      [id, newId<ExportId>()].map((each) => downloadExport(mine, each).catch((error) => error)),
    );
    expect(refusals[0]).toMatchObject({ code: 'not_found', message: refusals[1].message });
  });

  it('is refused while five are under way', async () => {
    const context = await testMember(database);
    const ask = () => askAuditExport(context, 'csv', {});
    const asked = await Promise.allSettled(Array.from({ length: 8 }, ask));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    await expect(ask()).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is refused while the files of twenty are kept, and made again once one has gone', async () => {
    const context = await testMember(database);
    const ids: ExportId[] = [];
    for (let at = 0; at < 20; at += 1) {
      const id = await askAuditExport(context, 'csv', {});
      await makeExport(context, id);
      ids.push(id);
    }
    await expect(askAuditExport(context, 'csv', {})).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('deleted 24 hours after it was made'),
    });
    await database.owner.query('update exports set expires_at = now() where id = $1', [ids[0]]);
    await askAuditExport(context, 'csv', {});
  });
});
