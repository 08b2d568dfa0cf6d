import { randomUUID } from 'node:crypto';
import { createEmulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderClient } from '@/lib/providers';
import { emulatorConfig, slackClient, slackScopes } from '@/lib/providers/slack';
import { startEmulator } from '../index';
import { discovered } from '../testing';
import { connectWorkspace } from './testing';

/**
 * Emulate ships a Slack of its own, written by other people from the same documentation. Where it
 * goes as far as ours, the adapter must not be able to tell the two apart.
 */
interface Double {
  readonly client: ProviderClient;
  close(): Promise<void>;
}

async function ours(): Promise<Double> {
  const emulator = await startEmulator('slack');
  const { client } = await connectWorkspace(emulator, 'northwind');
  return { client, close: () => emulator.close() };
}

/** Theirs takes POST alone, where Slack takes GET as well. */
const posting: typeof fetch = (input, init = {}) => {
  const url = new URL(String(input));
  if (init.method !== 'GET') return fetch(url, init);
  const headers = new Headers(init.headers);
  headers.set('content-type', 'application/x-www-form-urlencoded');
  return fetch(new URL(url.pathname, url), {
    method: 'POST',
    headers,
    body: url.searchParams.toString(),
  });
};

async function theirs(): Promise<Double> {
  const scopes = slackScopes.map(({ scope }) => scope);
  const token = 'xoxb-conformance';
  const emulator = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        strict_scopes: true,
        users: [
          { name: 'olivia', real_name: 'Olivia Marsh', email: 'olivia@northwind.example' },
          { name: 'victor', real_name: 'Victor Hale', email: 'victor@northwind.example' },
        ],
        channels: [{ name: 'sales' }, { name: 'ops-alerts', is_private: true }],
        tokens: [{ token, type: 'bot', user: 'olivia', scopes }],
      },
    },
  });
  const accessToken = async () => token;
  const client = slackClient(emulatorConfig(emulator.url), { accessToken, fetch: posting, scopes });
  return { client, close: () => emulator.close() };
}

describe.each([
  ['ours', ours],
  ['theirs', theirs],
])('the adapter on %s', (_name, start) => {
  let double: Double;
  beforeAll(async () => {
    double = await start();
  });
  afterAll(() => double.close());

  it('finds people and channels', async () => {
    const found = await discovered(double.client);
    expect(found).toContainEqual(
      expect.objectContaining({
        kind: 'user',
        name: 'Victor Hale',
        attributes: expect.objectContaining({ email: 'victor@northwind.example', guest: false }),
      }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({
        kind: 'channel',
        name: 'ops-alerts',
        attributes: expect.objectContaining({ private: true, archived: false, member: true }),
      }),
    );
  });

  it('posts, and finds what it posted by its key', async () => {
    const { channels, channelAdministration } = double.client;
    const channelId = (await channelAdministration?.find('sales'))?.id ?? '';
    const message = { channelId, text: 'Hello', key: randomUUID() };
    const posted = await channels?.post(message);
    expect(posted?.id).toMatch(/^\d+\.\d{6}$/);
    expect(await channels?.findPosted({ ...message, key: randomUUID() })).toBeNull();
    expect(await channels?.findPosted(message)).toEqual(posted);
  });

  it('opens a channel once, and archives it once', async () => {
    const administration = double.client.channelAdministration;
    const made = await administration?.open('audit', false);
    expect(made?.created).toBe(true);
    expect(await administration?.open('audit', false)).toEqual({ id: made?.id, created: false });
    await administration?.archive(made?.id ?? '');
    await administration?.archive(made?.id ?? '');
    expect(await administration?.find('audit')).toMatchObject({ archived: true });
  });

  it('finds a person by their address', async () => {
    const administration = double.client.channelAdministration;
    expect(await administration?.findPerson('victor@northwind.example')).toMatch(/^U/);
    expect(await administration?.findPerson('nobody@northwind.example')).toBeNull();
  });

  it('is told what does not exist', async () => {
    const message = { channelId: 'C0NOWHERE', text: 'Hello', key: randomUUID() };
    await expect(double.client.channels?.post(message)).rejects.toMatchObject({
      kind: 'not_found',
      failure: { code: 'channel_not_found' },
    });
  });
});
