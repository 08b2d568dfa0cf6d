import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import { connectAs, discovered, resourceBatches } from '@/emulators/testing';
import type { DiscoveryProgress } from '../contract';
import { googleScopes } from './scopes';

const olivia = 'olivia@northwind.example';
const vera = 'vera@fabrikam.example';
const scopes = googleScopes.map(({ scope }) => scope);

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ seed: { amounts: { [vera]: { files: 5_000 } } } });
});
afterEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(() => emulator.close());

describe('a discovery', () => {
  it('finds the mailbox with its labels, the drive with its tree, and the calendars', async () => {
    const { client } = await connectAs(emulator, olivia);
    const found = await discovered(client);
    const of = (kind: string) => found.filter((one) => one.kind === kind);
    expect(of('mailbox')).toMatchObject([
      {
        providerId: olivia,
        parentProviderId: null,
        attributes: { messagesTotal: expect.any(Number) },
      },
    ]);
    expect(of('label').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Inbox', 'Promotions', 'Invoices', 'Projects/Warehouse move']),
    );
    expect(of('label').every((one) => one.parentProviderId === olivia)).toBe(true);
    expect(of('drive')).toMatchObject([{ name: 'My Drive', attributes: { owner: olivia } }]);
    expect(of('calendar').map(({ name }) => name)).toEqual([
      olivia,
      'Holidays in United Kingdom',
      'Northwind Traders team',
    ]);
  });

  it('gives every file a parent that was found before it, unless it is shared from elsewhere', async () => {
    const { client } = await connectAs(emulator, olivia);
    const seen = new Set<string>();
    for await (const batch of resourceBatches(client)) {
      for (const { kind, providerId, parentProviderId, attributes } of batch) {
        if (kind === 'file' && attributes.owner === olivia) {
          expect(seen).toContain(parentProviderId);
        }
        seen.add(providerId);
      }
    }
  });

  it('pages through 5,000 files in small batches, each file once', async () => {
    const { client } = await connectAs(emulator, vera);
    const ids: string[] = [];
    let largest = 0;
    for await (const batch of resourceBatches(client)) {
      largest = Math.max(largest, batch.length);
      for (const one of batch) {
        if (one.kind === 'file' && one.attributes.owner === vera) ids.push(one.providerId);
      }
    }
    // Of 5,000 about one in fifty lies in the bin.
    expect(ids.length).toBeGreaterThan(4_800);
    expect(new Set(ids).size).toBe(ids.length);
    expect(largest).toBe(500);
    const pages = emulator.requests({ path: '/drive/v3/files' }).length;
    expect(pages).toBe(Math.ceil(ids.length / 500) + 1);
  });

  it('reports each phase, growing, and its total at the end', async () => {
    const { client } = await connectAs(emulator, vera);
    const reports: DiscoveryProgress[] = [];
    const found = await discovered(client, { report: (progress) => void reports.push(progress) });
    const ends = reports.filter(({ done }) => done);
    expect(ends.map(({ phase }) => phase)).toEqual(['mailbox', 'drives', 'files', 'calendars']);
    expect(ends.every((end) => end.found === end.total)).toBe(true);
    expect(ends.reduce((sum, end) => sum + end.found, 0)).toBe(found.length);
    const files = reports.filter(({ phase }) => phase === 'files').map((one) => one.found);
    expect(files).toEqual([...files].sort((a, b) => a - b));
  });

  it('lists shared drives and their files where the scopes let it', async () => {
    const wide = [...scopes, 'https://www.googleapis.com/auth/drive.readonly'];
    const { client } = await connectAs(emulator, olivia, wide);
    const found = await discovered(client);
    const shared = found.find(({ name }) => name === 'Northwind Traders shared');
    expect(shared).toMatchObject({ kind: 'drive', attributes: { type: 'shared' } });
    expect(
      found.filter((one) => one.parentProviderId === shared?.providerId).length,
    ).toBeGreaterThan(4);
  });

  it('asks for no shared drives where the scopes do not let it', async () => {
    const { client } = await connectAs(emulator, olivia);
    await emulator.clearRequests();
    await discovered(client);
    expect(emulator.requests({ path: '/drive/v3/drives' })).toEqual([]);
  });

  it('goes on without a mailbox when the account has no Gmail', async () => {
    const { client } = await connectAs(emulator, olivia);
    const message = 'Mail service not enabled';
    const errors = [{ message, domain: 'global', reason: 'failedPrecondition' }];
    const body = { error: { code: 400, message, errors, status: 'FAILED_PRECONDITION' } };
    emulator.fault({ path: '/gmail/v1/users/me/profile', status: 400, body });
    const found = await discovered(client);
    expect(found.some(({ kind }) => kind === 'mailbox' || kind === 'label')).toBe(false);
    expect(found.some(({ kind }) => kind === 'file')).toBe(true);
  });

  it('stops with the class of the failure when a page fails midway', async () => {
    const { client } = await connectAs(emulator, vera);
    emulator.fault({ path: '/drive/v3/files', skip: 3, status: 503, body: {} });
    await expect(discovered(client)).rejects.toMatchObject({
      kind: 'temporarily_unavailable',
      operation: 'drive.files.list',
    });
  });

  it('sees nothing of another organisation', async () => {
    const [one, other] = await Promise.all([
      connectAs(emulator, olivia),
      connectAs(emulator, vera),
    ]);
    const ids = async ({ client }: typeof one) =>
      (await discovered(client))
        .filter(({ kind }) => kind === 'file')
        .map(({ providerId }) => providerId);
    const foreign = new Set(await ids(other));
    expect((await ids(one)).filter((id) => foreign.has(id))).toEqual([]);
  });
});
