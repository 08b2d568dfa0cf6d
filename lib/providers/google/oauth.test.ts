import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import { answerConsent, connectAs, refreshTokenOf, testRedirect } from '@/emulators/testing';
import type { ProviderOAuth } from '../provider';
import { emulatorConfig } from './config';
import { googleOAuth } from './oauth';
import { googleScopes } from './scopes';

const olivia = 'olivia@northwind.example';
const scopes = googleScopes.map(({ scope }) => scope);

let emulator: Emulator;
let oauth: ProviderOAuth;

beforeAll(async () => {
  emulator = await startEmulator();
  oauth = googleOAuth(emulatorConfig(emulator.url));
});
afterEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(() => emulator.close());

async function consent(answer: Parameters<typeof answerConsent>[1]) {
  const { codeVerifier, codeChallenge } = await oauth.createPkce();
  const request = { state: 'one-time', codeChallenge, redirectUri: testRedirect, scopes };
  const back = await answerConsent(oauth.authorizationUrl(request), answer);
  const code = back.searchParams.get('code') ?? '';
  return { back, exchange: { code, codeVerifier, redirectUri: testRedirect } };
}

const tokenPosts = () => emulator.requests({ path: '/token' }).length;

describe('the authorisation address', () => {
  it('asks for offline access with PKCE and the state', () => {
    const url = new URL(
      oauth.authorizationUrl({
        state: 's',
        codeChallenge: 'c',
        redirectUri: testRedirect,
        scopes: ['openid'],
        loginHint: olivia,
      }),
    );
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      access_type: 'offline',
      prompt: 'consent',
      code_challenge: 'c',
      code_challenge_method: 'S256',
      state: 's',
      login_hint: olivia,
    });
  });

  it('never repeats a PKCE pair', async () => {
    const [one, two] = await Promise.all([oauth.createPkce(), oauth.createPkce()]);
    expect(one.codeVerifier).toHaveLength(128);
    expect(one.codeVerifier).not.toBe(two.codeVerifier);
    expect(one.codeChallenge).not.toBe(two.codeChallenge);
  });
});

describe('a consent', () => {
  it('brings tokens, the scopes and the account', async () => {
    const { back, exchange } = await consent({ email: olivia });
    expect(back.searchParams.get('state')).toBe('one-time');
    const tokens = await oauth.exchangeCode(exchange);
    expect(tokens.refreshToken).toBeTruthy();
    expect(tokens.scopes).toEqual([...scopes].sort());
    expect(+tokens.expiresAt - Date.now()).toBeGreaterThan(3_500_000);
    expect(await oauth.account(tokens.accessToken)).toMatchObject({
      email: olivia,
      organizationId: 'northwind.example',
      accountId: expect.stringMatching(/^\d{21}$/),
    });
  });

  it('that is cancelled comes back with access_denied and no code', async () => {
    const { back } = await consent({ deny: true });
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.has('code')).toBe(false);
  });

  it('tells which scopes were left out', async () => {
    const granted = scopes.filter((scope) => !scope.includes('calendar'));
    const { exchange } = await consent({ email: olivia, granted });
    expect((await oauth.exchangeCode(exchange)).scopes).toEqual([...granted].sort());
  });

  it('on top of an earlier one asks for what is new, and covers both', async () => {
    const [events, ...before] = [...scopes].reverse();
    await connectAs(emulator, olivia, before);
    const { codeVerifier, codeChallenge } = await oauth.createPkce();
    const url = oauth.authorizationUrl({
      state: 's',
      codeChallenge,
      redirectUri: testRedirect,
      scopes: ['openid', events ?? ''],
      incremental: true,
    });
    const page = await (await fetch(url)).text();
    expect(page).toContain(events);
    expect(page).not.toContain('gmail.modify');
    const back = await answerConsent(url, { email: olivia });
    const code = back.searchParams.get('code') ?? '';
    const tokens = await oauth.exchangeCode({ code, codeVerifier, redirectUri: testRedirect });
    expect(tokens.scopes).toEqual([...scopes].sort());
    expect((await oauth.refresh(refreshTokenOf(tokens))).scopes).toEqual([...scopes].sort());
    emulator.revoke(olivia);
  });

  it('by itself covers only what it asked for', async () => {
    await connectAs(emulator, olivia);
    const { tokens } = await connectAs(emulator, olivia, scopes.slice(0, 3));
    expect(tokens.scopes).toEqual(scopes.slice(0, 3).sort());
  });

  it('works once: a second exchange of its code needs a new consent', async () => {
    const { exchange } = await consent({ email: olivia });
    await oauth.exchangeCode(exchange);
    await expect(oauth.exchangeCode(exchange)).rejects.toMatchObject({ kind: 'needs_reconsent' });
  });

  it('is void with another verifier', async () => {
    const { exchange } = await consent({ email: olivia });
    const { codeVerifier } = await oauth.createPkce();
    await expect(oauth.exchangeCode({ ...exchange, codeVerifier })).rejects.toMatchObject({
      kind: 'needs_reconsent',
    });
  });
});

describe('a refresh', () => {
  it('brings a new access token and no refresh token', async () => {
    const { tokens } = await connectAs(emulator, olivia);
    const refreshed = await oauth.refresh(refreshTokenOf(tokens));
    expect(refreshed.refreshToken).toBeNull();
    expect(refreshed.accessToken).not.toBe(tokens.accessToken);
    expect(await oauth.account(refreshed.accessToken)).toMatchObject({ email: olivia });
  });

  it('hands over a refresh token that does come', async () => {
    const body = { access_token: 'a', refresh_token: 'rotated', expires_in: 10, scope: 'openid' };
    emulator.fault({ path: '/token', body });
    expect(await oauth.refresh({ kind: 'refresh_token', refreshToken: 'old' })).toMatchObject({
      refreshToken: 'rotated',
    });
  });

  it('after a revocation is needs_reconsent, with one post', async () => {
    const { tokens } = await connectAs(emulator, olivia);
    emulator.revoke(olivia);
    emulator.clearRequests();
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({
      kind: 'needs_reconsent',
      retryable: false,
    });
    expect(tokenPosts()).toBe(1);
  });

  it.each([
    ['a server error', { status: 503, body: {} }, 'temporarily_unavailable'],
    ['a cut connection', { reset: true }, 'temporarily_unavailable'],
    ['a page instead of JSON', { body: '<html>Sorry…</html>' }, 'invalid_response'],
    ['JSON without a token', { body: { token_type: 'Bearer' } }, 'invalid_response'],
    ['a wrong secret', { status: 401, body: { error: 'invalid_client' } }, 'app_fault'],
  ])('that meets %s posts once and says so', async (_name, fault, kind) => {
    const { tokens } = await connectAs(emulator, olivia);
    emulator.clearRequests();
    emulator.fault({ path: '/token', ...fault });
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({ kind });
    expect(tokenPosts()).toBe(1);
  });
});

describe('a revocation', () => {
  it('takes back access and refresh tokens, and may be repeated', async () => {
    const { tokens } = await connectAs(emulator, olivia);
    await oauth.revoke(tokens.refreshToken ?? '');
    await expect(oauth.account(tokens.accessToken)).rejects.toMatchObject({
      kind: 'token_rejected',
    });
    await expect(oauth.revoke(tokens.refreshToken ?? '')).resolves.toBe(true);
  });
});

it('no error of a call carries a token', async () => {
  const { tokens } = await connectAs(emulator, olivia);
  emulator.fault({ status: 500, body: { error: { message: tokens.accessToken } } });
  const error = await oauth.account(tokens.accessToken).catch((caught: unknown) => caught);
  const { inspect } = await import('node:util');
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(tokens.accessToken);
});
