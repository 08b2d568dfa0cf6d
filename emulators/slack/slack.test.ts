import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../index';
import { refreshTokenOf } from '../testing';
import { demoClient } from './seed';
import { type ConnectedWorkspace, connectWorkspace } from './testing';

interface Heard {
  readonly path: string;
  readonly retry: string | null;
  readonly genuine: boolean;
  readonly body: { readonly event: { readonly type: string }; readonly event_id: string };
}

let emulator: Emulator;
let listener: Server;
let appUrl: string;
let heard: Heard[] = [];
/** Statuses to answer with, then 200. */
let answers: number[] = [];

beforeAll(async () => {
  emulator = await startEmulator('slack');
  listener = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { headers } = request;
    const digest = createHmac('sha256', demoClient.signingSecret)
      .update(`v0:${headers['x-slack-request-timestamp']}:${text}`)
      .digest('hex');
    heard.push({
      path: request.url ?? '',
      retry: (headers['x-slack-retry-num'] as string | undefined) ?? null,
      genuine: headers['x-slack-signature'] === `v0=${digest}`,
      body: JSON.parse(text),
    });
    response.writeHead(answers.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  appUrl = `http://localhost:${(listener.address() as AddressInfo).port}`;
});
afterEach(() => {
  heard = [];
  answers = [];
});
afterAll(async () => {
  listener.close();
  await emulator.close();
});

const connect = (workspace = 'northwind', scopes?: readonly string[]) =>
  connectWorkspace(emulator, workspace, scopes, `${appUrl}/callback`);

async function ask({ tokens }: ConnectedWorkspace, path: string) {
  const headers = { authorization: `Bearer ${tokens.accessToken}` };
  const response = await fetch(`${emulator.url}/api/${path}`, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function revoke(url: string, token: string): Promise<{ readonly ok: boolean }> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${url}/api/auth.revoke`, { method: 'POST', headers })).json();
}

describe('a call', () => {
  it('that its permissions do not cover says which are needed and which there are', async () => {
    const narrow = await connect('fabrikam', ['users:read']);
    expect(await ask(narrow, 'conversations.list')).toEqual({
      status: 200,
      body: {
        ok: false,
        error: 'missing_scope',
        needed: 'channels:read',
        provided: 'users:read',
      },
    });
  });

  it('shows mail addresses only to whom they were opened', async () => {
    const narrow = await connect('fabrikam', ['users:read']);
    const { body } = await ask(narrow, 'users.list?limit=1');
    expect(JSON.stringify(body.members)).not.toContain('@');
    expect(body.response_metadata).toMatchObject({ next_cursor: expect.stringMatching(/.+/) });
  });

  it('with a cursor of its own making is refused', async () => {
    const { body } = await ask(await connect(), 'users.list?cursor=bm9uc2Vuc2U=');
    expect(body).toMatchObject({ ok: false, error: 'invalid_cursor' });
  });

  it.each([
    ['no token', {}, 'not_authed'],
    ['a token of nobody’s', { authorization: 'Bearer xoxb-guess' }, 'invalid_auth'],
  ])('with %s is refused', async (_name, headers, error) => {
    const response = await fetch(`${emulator.url}/api/auth.test`, { headers });
    expect(await response.json()).toEqual({ ok: false, error });
  });
});

describe('what people do in Slack', () => {
  it('taking a permission away shows at the next call', async () => {
    const connected = await connect();
    await emulator.act('narrow', 'northwind', 'chat:write');
    const { body } = await ask(connected, 'chat.postMessage?channel=C0&text=x');
    expect(body).toMatchObject({ error: 'missing_scope', needed: 'chat:write' });
  });

  it('revoking is told to the app, signed, and refused from then on', async () => {
    const connected = await connect();
    emulator.revoke('northwind');
    expect((await ask(connected, 'auth.test')).body).toMatchObject({ error: 'token_revoked' });
    await expect.poll(() => heard).toHaveLength(1);
    expect(heard).toMatchObject([
      { path: '/api/webhooks/slack', genuine: true, body: { event: { type: 'tokens_revoked' } } },
    ]);
  });

  it('an event that is not acknowledged is sent again, with the same id', async () => {
    await connect();
    answers = [500];
    emulator.revoke('northwind');
    await expect.poll(() => heard).toHaveLength(2);
    expect(heard.map(({ retry }) => retry)).toEqual([null, '1']);
    expect(new Set(heard.map(({ body }) => body.event_id)).size).toBe(1);
  });

  it('a used refresh token works on for a grace, and gives another pair', async () => {
    const { oauth, tokens } = await connect();
    const first = await oauth.refresh(refreshTokenOf(tokens));
    const again = await oauth.refresh(refreshTokenOf(tokens));
    expect(again.refreshToken).not.toBe(first.refreshToken);
    await emulator.act('end_grace', 'northwind');
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({
      failure: { code: 'invalid_refresh_token' },
    });
    await expect(oauth.refresh(refreshTokenOf(again))).resolves.toBeDefined();
  });

  it('of the access tokens out of one consent two are good: a third ends the oldest', async () => {
    const { oauth, tokens } = await connect();
    const second = await oauth.refresh(refreshTokenOf(tokens));
    await expect(oauth.account(tokens.accessToken)).resolves.toBeDefined();
    const third = await oauth.refresh(refreshTokenOf(second));
    await expect(oauth.account(tokens.accessToken)).rejects.toMatchObject({
      failure: { code: 'token_revoked' },
    });
    for (const good of [second, third]) {
      await expect(oauth.account(good.accessToken)).resolves.toBeDefined();
    }
  });

  it('revoking one token ends that one, of its pair as of the workspace', async () => {
    const [one, other] = [await connect(), await connect()];
    expect((await revoke(emulator.url, one.tokens.accessToken)).ok).toBe(true);
    expect((await ask(one, 'auth.test')).body).toMatchObject({ error: 'token_revoked' });
    expect((await ask(other, 'auth.test')).body).toMatchObject({ ok: true });
    const fresh = await one.oauth.refresh(refreshTokenOf(one.tokens));
    expect((await revoke(emulator.url, fresh.refreshToken ?? '')).ok).toBe(true);
    await expect(one.oauth.refresh(refreshTokenOf(fresh))).rejects.toMatchObject({
      failure: { code: 'invalid_refresh_token' },
    });
  });

  it('uninstalling ends everything, and is told once more', async () => {
    const connected = await connect('fabrikam');
    await emulator.act('uninstall', 'fabrikam');
    expect((await ask(connected, 'auth.test')).body).toMatchObject({ error: 'account_inactive' });
    await expect.poll(() => heard).toHaveLength(2);
    expect(heard.map(({ body }) => body.event.type).sort()).toEqual([
      'app_uninstalled',
      'tokens_revoked',
    ]);
  });
});

it('an app that does not rotate: one token that is revoked takes its user and all others along', async () => {
  const longLived = await startEmulator('slack', { seed: { longLived: true } });
  try {
    const [one, other] = [
      await connectWorkspace(longLived, 'northwind'),
      await connectWorkspace(longLived, 'northwind'),
    ];
    expect(one.tokens.accessToken).toMatch(/^xoxb-/);
    expect(one.tokens.refreshToken).toBeNull();
    expect((await revoke(longLived.url, one.tokens.accessToken)).ok).toBe(true);
    const said = (token: string) => one.oauth.account(token).catch((error: unknown) => error);
    expect(await said(one.tokens.accessToken)).toMatchObject({
      failure: { code: 'token_revoked' },
    });
    expect(await said(other.tokens.accessToken)).toMatchObject({
      failure: { code: 'account_inactive' },
    });
  } finally {
    await longLived.close();
  }
});

it('what it was told survives its end', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'slack-emulator-'));
  try {
    const first = await startEmulator('slack', { dataDir });
    const { tokens, client } = await connectWorkspace(first, 'northwind');
    const made = await client.channelAdministration?.open('kept', false);
    await first.close();

    const second = await startEmulator('slack', { dataDir, port: Number(new URL(first.url).port) });
    // The first call may still take a connection to the one that ended.
    await expect
      .poll(() => client.channelAdministration?.find('kept').catch(() => null))
      .toMatchObject({ id: made?.id });
    const { oauth } = await connectWorkspace(second, 'fabrikam');
    await expect(oauth.refresh(refreshTokenOf(tokens))).resolves.toBeDefined();
    await second.close();
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});
