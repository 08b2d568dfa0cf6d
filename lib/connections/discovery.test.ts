import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, type DiscoveryId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { readConnection } from './browse';
import { beginDiscovery, discoverPhase, failDiscovery, finishDiscovery } from './discovery';
import { discoverAgain } from './discovery-request';
import { storeBatch } from './discovery-store';
import { connect, testGoogle, testMember, testWay } from './testing';

const account = 'olivia@northwind.example';
const google = testGoogle({ seed: { amounts: { [account]: { messages: 5, files: 40 } } } });
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  google.clearFaults();
  await database.owner.query('delete from connections');
  connectionId = await connect(context);
});

async function discover() {
  const id = await discoverAgain(context, connectionId);
  const begun = await beginDiscovery(context, id);
  for (const phase of begun.phases) await discoverPhase(context, begun, phase);
  return { id, ...(await finishDiscovery(context, begun)) };
}
const latest = async () => (await readConnection(context, connectionId)).discovery;
async function kinds(where = 'gone_at is null'): Promise<Record<string, number>> {
  const { rows } = await database.owner.query<{ kind: string; n: number }>(
    `select kind, count(*)::int as n from resources where ${where} group by kind`,
  );
  return Object.fromEntries(rows.map(({ kind, n }) => [kind, n]));
}
async function lastEvent() {
  const { rows } = await database.owner.query<Record<string, unknown>>(
    'select action, outcome, details from audit_events order by id desc limit 1',
  );
  return rows[0];
}

describe('the first discovery', () => {
  it('finds mailbox, labels, drives, folders, files and calendars', async () => {
    const { added, updated, gone } = await discover();
    const found = await kinds();
    expect(Object.keys(found).sort()).toEqual([
      'calendar',
      'drive',
      'file',
      'folder',
      'label',
      'mailbox',
    ]);
    expect(found.file).toBeGreaterThanOrEqual(30);
    const total = Object.values(found).reduce((sum, n) => sum + n, 0);
    expect({ added, updated, gone }).toEqual({ added: total, updated: 0, gone: 0 });
    expect(await latest()).toMatchObject({
      state: 'succeeded',
      counts: found,
      added: total,
      error: null,
      requestedBy: 'Ada Example',
    });
    expect(await lastEvent()).toMatchObject({
      action: 'discovery.finished',
      outcome: 'success',
      details: { added: total, gone: 0 },
    });
  });

  it('shows what it has found so far', async () => {
    const begun = await beginDiscovery(context, await discoverAgain(context, connectionId));
    await discoverPhase(context, begun, 'mailbox');
    expect(await latest()).toMatchObject({
      state: 'running',
      phase: 'mailbox',
      counts: { mailbox: 1, label: expect.any(Number) },
    });
    expect((await kinds()).mailbox).toBe(1);
  });
});

describe('a second discovery', () => {
  it('of the same things changes nothing', async () => {
    const { added } = await discover();
    expect(added).toBeGreaterThan(0);
    expect(await discover()).toMatchObject({ added: 0, updated: 0, gone: 0 });
  });

  it('updates what is different, marks what is gone, brings back what returned', async () => {
    await discover();
    await database.owner.query(`
      update resources set name = 'Old name' where kind = 'calendar';
      update resources set provider_id = 'was-here' where kind = 'mailbox';
      update resources set gone_at = now() where kind = 'drive'`);
    const { calendar = 0, drive = 0 } = await kinds('true');
    const result = await discover();
    expect(result).toMatchObject({ added: 1, updated: calendar + drive, gone: 1 });
    expect(await kinds('gone_at is not null')).toEqual({ mailbox: 1 });
    expect((await kinds()).drive).toBe(drive);
    expect(await kinds(`name = 'Old name'`)).toEqual({});
  });

  it('is not begun while one is going on', async () => {
    const first = await discoverAgain(context, connectionId);
    expect(await discoverAgain(context, connectionId)).toBe(first);
  });
});

describe('a discovery that is cut short', () => {
  it('counts each thing once when a phase is repeated', async () => {
    const begun = await beginDiscovery(context, await discoverAgain(context, connectionId));
    await discoverPhase(context, begun, 'mailbox');
    const once = await latest();
    await discoverPhase(context, begun, 'mailbox');
    expect(await latest()).toEqual(once);
  });

  it('counts once what a listing has twice', async () => {
    const begun = await beginDiscovery(context, await discoverAgain(context, connectionId));
    const file = {
      kind: 'file' as const,
      providerId: 'f',
      parentProviderId: null,
      attributes: {},
    };
    const batch = [
      { ...file, name: 'first' },
      { ...file, name: 'second' },
    ];
    await withTenant(context, (tx) => storeBatch(tx, context, begun, 'files', batch));
    expect(await latest()).toMatchObject({ counts: { file: 1 }, added: 1 });
  });

  it('keeps what has signs that are no text, without them', async () => {
    const begun = await beginDiscovery(context, await discoverAgain(context, connectionId));
    const odd = {
      kind: 'file' as const,
      providerId: 'od\0d',
      parentProviderId: 'pa\0rent',
      name: `plan\0 \ud83d.txt`,
      attributes: { owner: 'a\0b', labels: ['x\0', 'half \ude00'], bytes: 5, shared: true },
    };
    const batch = [odd, { ...odd, providerId: 'plain', name: 'plain' }];
    await withTenant(context, (tx) => storeBatch(tx, context, begun, 'files', batch));
    const { rows } = await database.owner.query(
      `select provider_id, parent_provider_id, name, attributes from resources
       where kind = 'file' order by provider_id`,
    );
    const attributes = { owner: 'ab', labels: ['x', 'half \ufffd'], bytes: 5, shared: true };
    expect(rows).toEqual([
      { provider_id: 'odd', parent_provider_id: 'parent', name: 'plan \ufffd.txt', attributes },
      { provider_id: 'plain', parent_provider_id: 'parent', name: 'plain', attributes },
    ]);
    const removed = [{ kind: 'file' as const, providerId: 'od\0d', removed: true as const }];
    await withTenant(context, (tx) => storeBatch(tx, context, begun, 'files', removed));
    expect(await kinds('gone_at is not null')).toEqual({ file: 1 });
  });

  it('marks nothing as gone', async () => {
    await discover();
    const begun = await beginDiscovery(context, await discoverAgain(context, connectionId));
    await discoverPhase(context, begun, 'mailbox');
    await failDiscovery(context, begun.id);
    expect(await kinds('gone_at is not null')).toEqual({});
  });

  it('says why in plain words, also while it is tried again', async () => {
    google.fault({ path: '/drive/*', status: 500 });
    const begun = await beginDiscovery(context, await discoverAgain(context, connectionId));
    await expect(discoverPhase(context, begun, 'drives')).rejects.toThrow();
    expect(await latest()).toMatchObject({
      state: 'running',
      error: 'The provider does not answer at the moment.',
    });
    await failDiscovery(context, begun.id);
    expect(await latest()).toMatchObject({ state: 'failed', finishedAt: expect.any(String) });
    expect(await lastEvent()).toMatchObject({ action: 'discovery.finished', outcome: 'failure' });
  });

  it('tells the engine when there is no use in trying again', async () => {
    const begun = await beginDiscovery(context, await discoverAgain(context, connectionId));
    google.revoke(account);
    await expect(discoverPhase(context, begun, 'drives')).rejects.toMatchObject({
      name: 'NonRetriableError',
    });
  });

  it('tells the engine when to come back', async () => {
    const begun = await beginDiscovery(context, await discoverAgain(context, connectionId));
    google.fault({ path: '/drive/*', status: 429, headers: { 'retry-after': '90' } });
    await expect(discoverPhase(context, begun, 'drives')).rejects.toMatchObject({
      name: 'RetryAfterError',
      retryAfter: '90',
    });
  });

  it('that is reported failed twice, or after its success, stays as it was', async () => {
    const { id } = await discover();
    await failDiscovery(context, id);
    expect(await latest()).toMatchObject({ state: 'succeeded' });
  });
});

describe('a discovery that cannot be', () => {
  it('is refused for a connection that does not work', async () => {
    await database.owner.query(`update connections set state = 'needs_reconsent'`);
    await expect(discoverAgain(context, connectionId)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('of another tenant is as if it did not exist', async () => {
    const id = await discoverAgain(context, connectionId);
    const stranger = await testMember(database);
    await expect(discoverAgain(stranger, connectionId)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(beginDiscovery(stranger, id as DiscoveryId)).rejects.toThrow();
    expect(testWay().phases).toContain('files');
    expect(await latest()).toMatchObject({ state: 'queued' });
  });
});
