import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import { discovered, resourceBatches } from '@/emulators/testing';
import type { DiscoveredChange, DiscoveredResource } from '../contract';
import type { DiscoveryCursors, ProviderClient } from '../provider';
import { emulatorConfig } from './config';
import { microsoftOAuth } from './oauth';
import { clientWith, connectOrganization, connectPerson, northwind, olivia } from './testing';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator('microsoft', {
    seed: { people: { 'northwind.example': 130 }, amounts: { files: 450 } },
  });
});
afterEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(() => emulator.close());

const only = (found: readonly DiscoveredResource[], kind: string) =>
  found.filter((one) => one.kind === kind);

function memory() {
  const kept = new Map<string, string>();
  const cursors: DiscoveryCursors = {
    read: async (scopes) => new Map([...kept].filter(([scope]) => scopes.includes(scope))),
    write: async (given) => {
      for (const [scope, cursor] of given) {
        if (cursor === null) kept.delete(scope);
        else kept.set(scope, cursor);
      }
    },
  };
  return { kept, cursors };
}

async function changes(client: ProviderClient, cursors: DiscoveryCursors) {
  const found: DiscoveredChange[] = [];
  for await (const batch of client.discover({ cursors })) found.push(...batch);
  return found;
}

describe('one person’s discovery', () => {
  it('finds mailbox and folders, OneDrive and its tree, calendars, and channels of teams', async () => {
    const { client } = await connectPerson(emulator, olivia);
    const found = await discovered(client);
    expect(only(found, 'mailbox')).toMatchObject([{ providerId: olivia }]);
    const folders = only(found, 'folder').filter((one) => one.attributes.type === 'mail');
    expect(folders.map(({ name }) => name)).toEqual(expect.arrayContaining(['Inbox', 'Archive']));
    expect(folders.every((one) => one.parentProviderId === olivia)).toBe(true);
    expect(only(found, 'drive')).toMatchObject([{ attributes: { owner: olivia } }]);
    expect(only(found, 'file').length).toBeGreaterThan(300);
    expect(only(found, 'calendar').length).toBeGreaterThan(0);
    const [team] = only(found, 'team');
    expect(only(found, 'channel').some((one) => one.parentProviderId === team?.providerId)).toBe(
      true,
    );
  });

  it('pages through files in small batches, each file once, below its drive', async () => {
    const { client } = await connectPerson(emulator, olivia);
    const ids: string[] = [];
    let largest = 0;
    for await (const batch of resourceBatches(client, { only: ['drives', 'files'] })) {
      largest = Math.max(largest, batch.length);
      ids.push(...batch.map(({ providerId }) => providerId));
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(largest).toBeLessThanOrEqual(200);
  });

  it('leaves channels out where they were not allowed', async () => {
    const scopes = ['openid', 'offline_access', 'User.Read', 'Mail.ReadWrite'];
    const { client } = await connectPerson(emulator, 'priya@northwind.example', scopes);
    expect(await discovered(client, { only: ['channels'] })).toEqual([]);
  });

  it('goes on without a mailbox, a calendar and a OneDrive', async () => {
    const { client } = await connectPerson(emulator, 'scanner@northwind.example');
    const found = await discovered(client);
    expect(found.map(({ kind }) => kind)).not.toContain('mailbox');
  });

  it('stops with the class of the failure when a page fails midway', async () => {
    const { client } = await connectPerson(emulator, olivia);
    emulator.fault({ path: '*/root/delta', skip: 1, status: 503, body: {} });
    await expect(discovered(client)).rejects.toMatchObject({
      kind: 'temporarily_unavailable',
      operation: 'graph.get/me/drive/root/delta',
    });
  });
});

describe('an organisation’s discovery', () => {
  it('finds people, mailboxes with folders, drives, sites, calendars, teams and channels', async () => {
    const { client } = await connectOrganization(emulator);
    const found = await discovered(client);
    const count = (kind: string) => only(found, kind).length;
    expect(count('user')).toBeGreaterThanOrEqual(130);
    // All but the account without a licence.
    expect(count('mailbox')).toBe(count('user') - 1);
    expect(count('folder')).toBeGreaterThan(count('mailbox') * 5);
    expect(count('calendar')).toBeGreaterThanOrEqual(count('mailbox'));
    const drives = only(found, 'drive');
    expect(drives.filter((one) => one.attributes.type === 'personal').length).toBe(
      count('mailbox'),
    );
    const sites = new Set(only(found, 'site').map(({ providerId }) => providerId));
    const libraries = drives.filter((one) => one.attributes.type === 'library');
    expect(libraries.length).toBeGreaterThan(0);
    expect(libraries.every((one) => sites.has(one.parentProviderId ?? ''))).toBe(true);
    expect(count('channel')).toBeGreaterThanOrEqual(count('team'));
    const ids = found.map(({ kind, providerId }) => `${kind} ${providerId}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('reads mailboxes twenty at a time', async () => {
    const { client } = await connectOrganization(emulator);
    emulator.clearRequests();
    const found = await discovered(client, { only: ['mailbox'] });
    const batches = emulator.requests().filter(({ path }) => path === '/v1.0/$batch').length;
    expect(batches).toBeLessThanOrEqual(Math.ceil(only(found, 'mailbox').length / 20) + 1);
  });

  it('goes on from where it was left: what has not changed is not listed again', async () => {
    const { client } = await connectOrganization(emulator);
    const { cursors, kept } = memory();
    const first = await changes(client, cursors);
    expect(kept.size).toBeGreaterThanOrEqual(130);
    const second = await changes(client, cursors);
    const folders = (all: readonly DiscoveredChange[]) =>
      all.filter((one) => one.kind === 'folder').length;
    expect(folders(first)).toBeGreaterThan(500);
    expect(folders(second)).toBe(0);
    expect(second.filter(({ kind }) => kind === 'user')).toEqual([]);
  });

  it('lists everything anew when Microsoft has forgotten where it was', async () => {
    const { client } = await connectOrganization(emulator);
    const { cursors, kept } = memory();
    const first = await changes(client, cursors);
    const before = new Map(kept);
    await emulator.act('expire_deltas', northwind);
    const again = await changes(client, cursors);
    expect(again.length).toBe(first.length);
    expect([...kept.keys()].sort()).toEqual([...before.keys()].sort());
    expect([...kept].some(([scope, cursor]) => before.get(scope) === cursor)).toBe(false);
  });

  it('is needs_scopes when a role was taken away', async () => {
    await connectOrganization(emulator);
    await emulator.act('remove_permission', northwind, 'Mail.ReadWrite');
    const oauth = microsoftOAuth(emulatorConfig(emulator.url), 'application');
    const grant = { kind: 'client_credentials', organizationId: northwind } as const;
    const client = clientWith(emulator, 'application', await oauth.refresh(grant));
    await expect(discovered(client, { only: ['mailbox'] })).rejects.toMatchObject({
      kind: 'needs_scopes',
      failure: { missing: expect.arrayContaining(['Mail.ReadWrite']) },
    });
  });

  it('asks again, by itself, for what a batch was throttled for, and leaves out what has none', async () => {
    const { client } = await connectOrganization(emulator);
    const all = only(await discovered(client, { only: ['mailbox'] }), 'mailbox');
    const error = (code: string) => ({ error: { code, message: 'refused' } });
    const responses = [
      { id: '0', status: 429, body: error('ApplicationThrottled') },
      { id: '1', status: 404, body: error('MailboxNotEnabledForRESTAPI') },
      // An organisation may keep mailboxes from an app that is otherwise let in.
      { id: '2', status: 403, body: error('ErrorAccessDenied') },
    ];
    emulator.clearRequests();
    emulator.fault({ path: '/v1.0/$batch', body: { responses }, times: 1 });
    const found = only(await discovered(client, { only: ['mailbox'] }), 'mailbox');
    expect(found.length).toBe(all.length - 2);
    const single = emulator.requests().filter(({ path }) => path.endsWith('/mailFolders/delta'));
    expect(single.length).toBe(18);
  });
});
