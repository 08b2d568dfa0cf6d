import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../index';
import { RawClient, tids } from './testing';

const olivia = 'olivia@northwind.example';

interface Notification {
  readonly path: string;
  readonly value: Record<string, unknown>;
}

let emulator: Emulator;
let client: RawClient;
let listener: Server;
let listening: string;
let app: string;
let heard: Notification[] = [];

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

beforeAll(async () => {
  emulator = await startEmulator('microsoft');
  client = new RawClient(emulator.url);
  await client.adminConsent({ email: olivia });
  app = (await client.appToken(tids.northwind)).body.access_token;
  listener = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const body = await bodyOf(request);
    const token = url.searchParams.get('validationToken');
    if (url.pathname === '/deaf') response.writeHead(200).end('no');
    else if (token) response.writeHead(200, { 'content-type': 'text/plain' }).end(token);
    else {
      heard.push({ path: url.pathname, value: JSON.parse(body).value[0] });
      response.writeHead(202).end();
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  listening = `http://localhost:${(listener.address() as AddressInfo).port}`;
});
afterEach(() => {
  heard = [];
});
afterAll(async () => {
  listener.close();
  await emulator.close();
});

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

const subscribe = (changes: Record<string, unknown> = {}, token = app) =>
  client.graph(token, '/subscriptions', {
    method: 'POST',
    body: {
      changeType: 'created',
      notificationUrl: `${listening}/changes`,
      lifecycleNotificationUrl: `${listening}/lifecycle`,
      resource: `/users/${olivia}/messages`,
      expirationDateTime: inMinutes(60),
      clientState: 'secret',
      ...changes,
    },
  });

const control = (event: string, account = olivia.split('@')[1]) =>
  fetch(`${emulator.url}/__notifications`, {
    method: 'POST',
    body: JSON.stringify({ account, event }),
  });

describe('a subscription', () => {
  it.each([
    [
      'to a listener that does not give the token back',
      () => ({ notificationUrl: `${listening}/deaf` }),
      'ValidationError',
    ],
    [
      'to an address that is not https',
      () => ({ notificationUrl: 'http://tenantry.example/x' }),
      'InvalidRequest',
    ],
    [
      'for longer than allowed',
      () => ({ expirationDateTime: inMinutes(10_100) }),
      'InvalidRequest',
    ],
    ['to what cannot be subscribed to', () => ({ resource: '/organization' }), 'InvalidRequest'],
  ])('%s is refused', async (_what, changes, code) => {
    const { status, body } = await subscribe(changes());
    expect([status, body.error.code]).toEqual([400, code]);
  });

  it('is renewed, listed and ended by whoever made it', async () => {
    const made = await subscribe();
    expect(made.status).toBe(201);
    expect(made.body.clientState).toBeNull();
    const path = `/subscriptions/${made.body.id}`;
    const expirationDateTime = inMinutes(120);
    const renewed = await client.graph(app, path, {
      method: 'PATCH',
      body: { expirationDateTime },
    });
    expect(renewed.body).toMatchObject({ expirationDateTime });
    const person = (await client.signIn(olivia, 'openid Mail.Read')).access_token;
    expect((await client.graph(person, path)).status).toBe(404);
    expect((await client.graph(app, path, { method: 'DELETE' })).status).toBe(204);
    expect((await client.graph(app, path)).body.error.code).toBe('ResourceNotFound');
  });
});

describe('a notification', () => {
  it('carries the secret that was agreed on', async () => {
    const { body } = await subscribe();
    await control('created');
    expect(heard).toMatchObject([
      {
        path: '/changes',
        value: { subscriptionId: body.id, clientState: 'secret', tenantId: tids.northwind },
      },
    ]);
    await client.graph(app, `/subscriptions/${body.id}`, { method: 'DELETE' });
  });

  it('says when a subscription was removed, and then it is gone', async () => {
    const { body } = await subscribe();
    await control('subscriptionRemoved', olivia.split('@')[1]);
    expect(heard).toMatchObject([
      { path: '/lifecycle', value: { lifecycleEvent: 'subscriptionRemoved' } },
    ]);
    expect((await client.graph(app, `/subscriptions/${body.id}`)).status).toBe(404);
  });

  it('comes by itself when an administrator takes back the consent', async () => {
    await subscribe();
    emulator.revoke(tids.northwind);
    await expect
      .poll(() => heard)
      .toMatchObject([
        { path: '/lifecycle', value: { lifecycleEvent: 'reauthorizationRequired' } },
      ]);
  });
});
