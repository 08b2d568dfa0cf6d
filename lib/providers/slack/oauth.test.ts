import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import {
  answerSlackConsent,
  type ConnectedWorkspace,
  connectWorkspace,
  testRedirect,
} from '@/emulators/slack/testing';
import { refreshTokenOf } from '@/emulators/testing';
import { emulatorConfig, slackOAuth } from '.';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator('slack');
});
afterEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(() => emulator.close());

const tokenPosts = () => emulator.requests({ path: '/api/oauth.v2.access' });

describe('consent', () => {
  it('brings a token that rotates, with what was granted and until when', async () => {
    const { tokens } = await connectWorkspace(emulator, 'northwind', ['users:read', 'chat:write']);
    expect(tokens.accessToken).toMatch(/^xoxe\.xoxb-1-/);
    expect(tokens.refreshToken).toMatch(/^xoxe-1-/);
    expect(tokens.scopes).toEqual(expect.arrayContaining(['chat:write', 'users:read']));
    const hours = (tokens.expiresAt.getTime() - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(11.9);
    expect(hours).toBeLessThanOrEqual(12);
  });

  it('says which workspace it is', async () => {
    const { oauth, tokens } = await connectWorkspace(emulator, 'fabrikam');
    const account = await oauth.account(tokens.accessToken);
    expect(account).toMatchObject({ name: 'Fabrikam', email: null });
    expect(account.accountId).toMatch(/^T0/);
    expect(account.organizationId).toBe(account.accountId);
  });

  it('that is refused leads back with the reason', async () => {
    const oauth = slackOAuth(emulatorConfig(emulator.url));
    const { codeChallenge } = await oauth.createPkce();
    const request = {
      state: 's',
      codeChallenge,
      redirectUri: testRedirect,
      scopes: ['chat:write'],
    };
    const back = await answerSlackConsent(oauth.authorizationUrl(request), null);
    expect(back.searchParams.get('error')).toBe('access_denied');
  });

  it('works once: a code that is spent asks for a new consent', async () => {
    const oauth = slackOAuth(emulatorConfig(emulator.url));
    const exchange = { code: 'spent', codeVerifier: 'v', redirectUri: testRedirect };
    await expect(oauth.exchangeCode(exchange)).rejects.toMatchObject({
      kind: 'needs_reconsent',
      failure: { code: 'invalid_code' },
    });
    expect(tokenPosts()).toHaveLength(1);
  });

  it.each(['owner', 'admin'] as const)('of the workspace’s %s counts', async (role) => {
    const { tokens } = await connectWorkspace(emulator, 'fabrikam', undefined, undefined, role);
    expect(tokens.accessToken).toMatch(/^xoxe\.xoxb-1-/);
  });

  it('of a mere member is refused, and the token that others live on is left alone', async () => {
    const others = await connectWorkspace(emulator, 'northwind');
    const member = connectWorkspace(emulator, 'northwind', undefined, undefined, 'member');
    await expect(member).rejects.toMatchObject({
      kind: 'forbidden',
      failure: {
        code: 'not_a_workspace_administrator',
        advice: expect.stringContaining('administrator or owner'),
      },
    });
    expect(emulator.requests({ path: '/api/auth.revoke' })).toEqual([]);
    await expect(others.oauth.account(others.tokens.accessToken)).resolves.toBeDefined();
  });

  it('is refused when Slack does not say who gave it, or not what they may', async () => {
    emulator.fault({ path: '/api/users.info', body: { ok: true, user: { id: 'U0SOMEBODY' } } });
    await expect(connectWorkspace(emulator, 'northwind')).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });

  it('of a client with the wrong secret is our own fault', async () => {
    const oauth = slackOAuth({ ...emulatorConfig(emulator.url), clientSecret: 'old' });
    const exchange = { code: 'any', codeVerifier: 'v', redirectUri: testRedirect };
    await expect(oauth.exchangeCode(exchange)).rejects.toMatchObject({ kind: 'app_fault' });
  });
});

describe('a refresh', () => {
  it('spends its token: after its grace it is refused for good', async () => {
    const { oauth, tokens } = await connectWorkspace(emulator, 'northwind');
    const first = await oauth.refresh(refreshTokenOf(tokens));
    expect(first.refreshToken).not.toBe(tokens.refreshToken);
    await emulator.act('end_grace', 'northwind');
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({
      kind: 'needs_reconsent',
      failure: { code: 'invalid_refresh_token' },
    });
    await expect(oauth.account(first.accessToken)).resolves.toMatchObject({
      name: 'Northwind Traders',
    });
  });

  it('is one request, whatever comes of it', async () => {
    const { oauth, tokens } = await connectWorkspace(emulator, 'northwind');
    emulator.clearRequests();
    emulator.preset('unavailable');
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({
      kind: 'temporarily_unavailable',
    });
    expect(tokenPosts()).toHaveLength(1);
  });

  it('whose answer is lost may be asked for again, within Slack’s grace', async () => {
    const { oauth, tokens } = await connectWorkspace(emulator, 'northwind');
    emulator.fault({ path: '/api/oauth.v2.access', reset: true, when: 'after', times: 1 });
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({
      kind: 'temporarily_unavailable',
    });
    await expect(oauth.refresh(refreshTokenOf(tokens))).resolves.toBeDefined();
  });

  it('whose answer is lost leaves the old access token in use until its own end', async () => {
    const { oauth, tokens } = await connectWorkspace(emulator, 'northwind');
    emulator.fault({ path: '/api/oauth.v2.access', reset: true, when: 'after', times: 1 });
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({
      kind: 'temporarily_unavailable',
    });
    await expect(oauth.account(tokens.accessToken)).resolves.toBeDefined();
    await emulator.act('end_grace', 'northwind');
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({
      failure: { code: 'invalid_refresh_token' },
    });
  });

  it('refused for our own secret is our own fault', async () => {
    const { oauth, tokens } = await connectWorkspace(emulator, 'northwind');
    emulator.preset('app_secret');
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({
      kind: 'app_fault',
      failure: { code: 'bad_client_secret' },
    });
  });
});

describe('a revocation', () => {
  const refused = async ({ oauth, tokens }: ConnectedWorkspace) => {
    await expect(oauth.account(tokens.accessToken)).rejects.toMatchObject({
      kind: expect.stringMatching(/^(needs_reconsent|token_rejected)$/),
    });
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({
      failure: { code: 'invalid_refresh_token' },
    });
  };
  const revoke = ({ oauth, tokens }: ConnectedWorkspace) =>
    oauth.revoke(tokens.refreshToken ?? '', tokens.accessToken);

  it('ends the access token, the refresh token and what else the workspace gave us', async () => {
    const other = await connectWorkspace(emulator, 'northwind');
    const connected = await connectWorkspace(emulator, 'northwind');
    await expect(revoke(connected)).resolves.toBe(true);
    await refused(connected);
    await refused(other);
  });

  it('of a token that ran out ends the refresh token, and mints no other one', async () => {
    const connected = await connectWorkspace(emulator, 'fabrikam');
    emulator.expire('fabrikam');
    emulator.clearRequests();
    await expect(revoke(connected)).resolves.toBe(true);
    expect(tokenPosts()).toEqual([]);
    await refused(connected);
  });

  it.each(['no_permission', 'bad_client_secret'])(
    'ends both tokens one by one where Slack does not let the app go: %s',
    async (error) => {
      const connected = await connectWorkspace(emulator, 'northwind');
      emulator.fault({ path: '/api/apps.uninstall', body: { ok: false, error } });
      await expect(revoke(connected)).resolves.toBe(true);
      await refused(connected);
    },
  );

  it('of an app whose tokens do not rotate ends the one that there is', async () => {
    const longLived = await startEmulator('slack', { seed: { longLived: true } });
    try {
      const { oauth, tokens } = await connectWorkspace(longLived, 'northwind');
      await expect(oauth.revoke(tokens.accessToken, tokens.accessToken)).resolves.toBe(true);
      await expect(oauth.account(tokens.accessToken)).rejects.toMatchObject({
        kind: 'needs_reconsent',
      });
    } finally {
      await longLived.close();
    }
  });

  it('that Slack has no answer to is said to have failed', async () => {
    const connected = await connectWorkspace(emulator, 'northwind');
    emulator.fault({ path: '/api/apps.uninstall', status: 503, body: '' });
    await expect(revoke(connected)).rejects.toMatchObject({ kind: 'temporarily_unavailable' });
    emulator.clearFaults();
    await expect(revoke(connected)).resolves.toBe(true);
    await refused(connected);
  });

  it('of what is gone already counts as done', async () => {
    const connected = await connectWorkspace(emulator, 'northwind');
    emulator.revoke('northwind');
    await expect(revoke(connected)).resolves.toBe(true);
  });
});
