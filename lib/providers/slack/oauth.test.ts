import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import { answerSlackConsent, connectWorkspace, testRedirect } from '@/emulators/slack/testing';
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
  it('spends its token: the second use is refused for good', async () => {
    const { oauth, tokens } = await connectWorkspace(emulator, 'northwind');
    const first = await oauth.refresh(refreshTokenOf(tokens));
    expect(first.refreshToken).not.toBe(tokens.refreshToken);
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

  it('whose answer is lost leaves the old access token in use until its own end', async () => {
    const { oauth, tokens } = await connectWorkspace(emulator, 'northwind');
    emulator.fault({ path: '/api/oauth.v2.access', reset: true, when: 'after', times: 1 });
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({
      kind: 'temporarily_unavailable',
    });
    await expect(oauth.account(tokens.accessToken)).resolves.toBeDefined();
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
  it('ends the access token and its refresh token', async () => {
    const { oauth, tokens } = await connectWorkspace(emulator, 'northwind');
    await expect(oauth.revoke(tokens.refreshToken ?? '', tokens.accessToken)).resolves.toBe(true);
    await expect(oauth.account(tokens.accessToken)).rejects.toMatchObject({
      failure: { code: 'token_revoked' },
    });
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({
      failure: { code: 'invalid_refresh_token' },
    });
  });

  it('of a token that ran out gets a fresh one first, so that the grant ends too', async () => {
    const { oauth, tokens } = await connectWorkspace(emulator, 'fabrikam');
    emulator.expire('fabrikam');
    await expect(oauth.revoke(tokens.refreshToken ?? '', tokens.accessToken)).resolves.toBe(true);
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({
      failure: { code: 'invalid_refresh_token' },
    });
  });

  it('of what is gone already counts as done', async () => {
    const { oauth, tokens } = await connectWorkspace(emulator, 'northwind');
    emulator.revoke('northwind');
    await expect(oauth.revoke(tokens.refreshToken ?? '', tokens.accessToken)).resolves.toBe(true);
  });
});
