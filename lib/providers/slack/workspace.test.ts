import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, type FaultInput, startEmulator } from '@/emulators';
import { connectWorkspace } from '@/emulators/slack/testing';
import { discovered, resourceBatches } from '@/emulators/testing';
import type { ChannelActions, ChannelAdministration, ProviderClient } from '../provider';
import { emulatorConfig, slackClient } from '.';

let emulator: Emulator;
let client: ProviderClient;
let channels: ChannelActions;
let administration: ChannelAdministration;

beforeAll(async () => {
  emulator = await startEmulator('slack', { seed: { people: 450, channels: 420 } });
  ({ client } = await connectWorkspace(emulator, 'northwind'));
  if (!client.channels || !client.channelAdministration) throw new Error('Slack has channels');
  channels = client.channels;
  administration = client.channelAdministration;
});
afterEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(() => emulator.close());

const idOf = async (name: string) => (await administration.find(name))?.id ?? '';
async function messagesIn(
  channelId: string,
): Promise<readonly { readonly ts: string; readonly text: string }[]> {
  return (await fetch(`${emulator.url}/__messages?channel=${channelId}`)).json();
}

describe('discovery', () => {
  it('finds people, without robots and those who left', async () => {
    const people = await discovered(client, { only: ['people'] });
    const names = people.map(({ name }) => name);
    expect(people.every(({ kind }) => kind === 'user')).toBe(true);
    expect(names).toContain('Olivia Marsh');
    expect(names).not.toContain('Standup Robot');
    expect(names).not.toContain('Former Colleague');
    expect(names).not.toContain('Slackbot');
    expect(people.find(({ name }) => name === 'Gina Guest')?.attributes).toMatchObject({
      guest: true,
      email: 'gina@contractor.example',
    });
  });

  it('finds channels: public ones, and private ones that we were added to', async () => {
    const found = await discovered(client, { only: ['channels'] });
    const names = found.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['general', 'summer-party', 'ops-alerts']));
    expect(names).not.toContain('leadership');
    const archived = found.find(({ name }) => name === 'summer-party');
    expect(archived?.attributes).toMatchObject({ archived: true, private: false });
  });

  it('goes page by page, each in a batch of its own', async () => {
    const sizes: number[] = [];
    for await (const batch of resourceBatches(client, { only: ['channels'] })) {
      sizes.push(batch.length);
    }
    expect(sizes).toEqual([200, 200, 29]);
    expect(emulator.requests({ path: '/api/conversations.list' })).toHaveLength(3);
  });

  it('asks for no private channels where that was not granted', async () => {
    const narrow = await connectWorkspace(emulator, 'fabrikam', ['users:read', 'channels:read']);
    const found = await discovered(narrow.client, { only: ['channels'] });
    expect(found.some(({ attributes }) => attributes.private === true)).toBe(false);
    expect(found.length).toBeGreaterThan(0);
  });
});

describe('a message', () => {
  it('is posted into a public channel, which we join first', async () => {
    const channelId = await idOf('support');
    const posted = await channels.post({ channelId, text: 'Hello', key: randomUUID() });
    expect(posted.id).toMatch(/^\d+\.\d{6}$/);
    expect(await messagesIn(channelId)).toMatchObject([{ text: 'Hello' }]);
  });

  it('whose answer was lost is found again by its key', async () => {
    const channelId = await idOf('sales');
    const message = { channelId, text: 'Once', key: randomUUID() };
    await channels.post({ ...message, key: randomUUID() });
    emulator.fault({ path: '/api/chat.postMessage', reset: true, when: 'after', times: 1 });
    await expect(channels.post(message)).rejects.toMatchObject({ ambiguous: true });
    const last = (await messagesIn(channelId)).at(-1);
    expect(await channels.findPosted(message)).toEqual({ id: last?.ts, link: null });
  });

  it('that never arrived is not found', async () => {
    const message = { channelId: await idOf('sales'), text: 'Never', key: randomUUID() };
    emulator.fault({ path: '/api/chat.postMessage', reset: true, times: 1 });
    await expect(channels.post(message)).rejects.toMatchObject({ ambiguous: true });
    expect(await channels.findPosted(message)).toBeNull();
  });

  it('stays unclear where nobody let us look back', async () => {
    const narrow = await connectWorkspace(emulator, 'fabrikam', ['users:read']);
    const message = { channelId: 'C0ANY', text: '', key: randomUUID() };
    const without = slackClient(emulatorConfig(emulator.url), {
      accessToken: async () => narrow.tokens.accessToken,
      fetch,
      scopes: ['chat:write', 'channels:read'],
    });
    expect(await without.channels?.findPosted(message)).toBe('unclear');
  });

  it('is not found in a channel that we never entered', async () => {
    const channelId = await idOf('facilities');
    expect(await channels.findPosted({ channelId, text: '', key: randomUUID() })).toBeNull();
  });

  it('to an archived channel is forbidden, and the connection is fine', async () => {
    const channelId = await idOf('summer-party');
    const message = { channelId, text: 'Too late', key: randomUUID() };
    await expect(channels.post(message)).rejects.toMatchObject({
      kind: 'forbidden',
      ambiguous: false,
    });
  });
});

describe('looking after channels', () => {
  it('opens one, and finds it the second time', async () => {
    const first = await administration.open('#Audit-2026', false);
    expect(first.created).toBe(true);
    expect(await administration.open('audit-2026', false)).toEqual({
      id: first.id,
      created: false,
    });
  });

  it('does not take a public channel for a private one', async () => {
    await expect(administration.open('general', true)).rejects.toMatchObject({
      kind: 'conflict',
      failure: { code: 'name_taken_by_public' },
    });
  });

  it('does not take a channel that it cannot see', async () => {
    await expect(administration.open('leadership', true)).rejects.toMatchObject({
      kind: 'conflict',
      failure: { code: 'name_taken' },
    });
  });

  it('archives one; again changes nothing', async () => {
    const { id } = await administration.open('to-archive', true);
    await administration.archive(id);
    await administration.archive(id);
    expect(await administration.find('to-archive')).toEqual({ id, archived: true });
  });

  it('finds people by their address', async () => {
    const id = await administration.findPerson('Olivia@northwind.example');
    expect(id).toMatch(/^U0/);
    expect(await administration.findPerson('nobody@northwind.example')).toBeNull();
    expect(await administration.findPerson('former@northwind.example')).toBeNull();
  });

  it('invites people; who is in it already keeps nobody out', async () => {
    const people = await discovered(client, { only: ['people'] });
    const [one = '', two = ''] = people.slice(-2).map(({ providerId }) => providerId);
    const { id } = await administration.open('welcome', false);
    await administration.invite(id, [one]);
    await administration.invite(id, [one, two]);
    const answer = await fetch(`${emulator.url}/__channels?account=northwind`);
    const all: { readonly id: string; readonly members: string[] }[] = await answer.json();
    expect(all.find((channel) => channel.id === id)?.members).toEqual(
      expect.arrayContaining([one, two]),
    );
  });
});

describe('a call that meets', () => {
  const faults: [name: string, fault: FaultInput, expected: object][] = [
    [
      '429 with seconds',
      { status: 429, retryAfter: 3 },
      { kind: 'throttled', failure: { retryAfterSeconds: 3 } },
    ],
    [
      '429 with a date',
      { status: 429, retryAfter: 40, retryAfterAs: 'date' },
      { kind: 'throttled' },
    ],
    [
      '503 as a page',
      { status: 503, body: '<html>503</html>' },
      { kind: 'temporarily_unavailable' },
    ],
    [
      'a cut connection',
      { reset: true },
      { kind: 'temporarily_unavailable', failure: { status: null } },
    ],
    [
      '200 with a page',
      { body: '<html>Sign in</html>' },
      { kind: 'invalid_response', failure: { code: null } },
    ],
    [
      '200 with JSON of another shape',
      { body: { ok: true, channels: [{ id: 7 }] } },
      { kind: 'invalid_response' },
    ],
    [
      'missing_scope',
      { body: { ok: false, error: 'missing_scope', needed: 'channels:read', provided: '' } },
      { kind: 'needs_scopes', failure: { missing: ['channels:read'] } },
    ],
  ];
  it.each(faults)('%s is made once and says so', async (_name, fault, expected) => {
    emulator.fault({ path: '/api/conversations.list', ...fault });
    await expect(administration.find('general')).rejects.toMatchObject(expected);
    expect(emulator.requests()).toHaveLength(1);
  });

  it('token_expired is made again once, with the token that comes of refreshing', async () => {
    const { oauth, tokens } = await connectWorkspace(emulator, 'fabrikam');
    emulator.expire('fabrikam');
    emulator.clearRequests();
    const asked: (string | undefined)[] = [];
    const fresh = await oauth.refresh({
      kind: 'refresh_token',
      refreshToken: tokens.refreshToken ?? '',
    });
    const renewing = slackClient(emulatorConfig(emulator.url), {
      accessToken: async (rejected?: string) => {
        asked.push(rejected);
        return rejected === tokens.accessToken ? fresh.accessToken : tokens.accessToken;
      },
      fetch,
      scopes: tokens.scopes,
    });
    expect(await renewing.channelAdministration?.find('general')).not.toBeNull();
    expect(asked.slice(0, 2)).toEqual([undefined, tokens.accessToken]);
  });
});
