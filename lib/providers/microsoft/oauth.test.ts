import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import type { TokenSet } from '../provider';
import { demandedClaims } from './claims';
import { emulatorConfig } from './config';
import { microsoftOAuth } from './oauth';
import {
  allApplication,
  allDelegated,
  connectOrganization,
  connectPerson,
  consentAs,
  northwind,
  olivia,
} from './testing';
import { testCertificate } from './testing/certificate';

let emulator: Emulator;

beforeAll(async () => {
  const certificate = testCertificate.slice(testCertificate.indexOf('-----BEGIN CERTIFICATE'));
  emulator = await startEmulator('microsoft', { seed: { certificates: [certificate] } });
});
afterEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(() => emulator.close());

const refreshToken = ({ refreshToken: token }: TokenSet) =>
  ({ kind: 'refresh_token', refreshToken: token ?? '' }) as const;
const ourselves = { kind: 'client_credentials', organizationId: northwind } as const;
const tokenPosts = () =>
  emulator.requests().filter(({ path }) => path.endsWith('/oauth2/v2.0/token')).length;

describe('one person’s consent', () => {
  it('asks for offline access with PKCE and the state', async () => {
    const oauth = microsoftOAuth(emulatorConfig(emulator.url), 'delegated');
    const url = new URL(
      oauth.authorizationUrl({
        state: 's',
        codeChallenge: 'c',
        redirectUri: 'http://localhost/callback',
        scopes: ['openid', 'offline_access'],
        loginHint: olivia,
      }),
    );
    expect(url.pathname).toBe('/organizations/oauth2/v2.0/authorize');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      scope: 'openid offline_access',
      prompt: 'select_account',
      code_challenge: 'c',
      code_challenge_method: 'S256',
      state: 's',
      login_hint: olivia,
    });
  });

  it('brings tokens, the scopes and the account', async () => {
    const { oauth, exchange } = await consentAs(emulator, { email: olivia });
    const tokens = await oauth.exchangeCode(exchange);
    expect(tokens.refreshToken).toBeTruthy();
    expect(tokens.scopes).toEqual([...allDelegated].sort());
    expect(+tokens.expiresAt - Date.now()).toBeGreaterThan(3_000_000);
    expect(await oauth.account(tokens.accessToken)).toMatchObject({
      accountId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      email: olivia,
      organizationId: northwind,
    });
  });

  it('that is cancelled comes back with access_denied and no code', async () => {
    const { back } = await consentAs(emulator, { deny: true });
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.has('code')).toBe(false);
  });

  it('works once, and with its own verifier only', async () => {
    const { oauth, exchange } = await consentAs(emulator, { email: olivia });
    const { codeVerifier } = await oauth.createPkce();
    await expect(oauth.exchangeCode({ ...exchange, codeVerifier })).rejects.toMatchObject({
      kind: 'needs_reconsent',
    });
    const again = await consentAs(emulator, { email: olivia });
    await again.oauth.exchangeCode(again.exchange);
    await expect(again.oauth.exchangeCode(again.exchange)).rejects.toMatchObject({
      kind: 'needs_reconsent',
      failure: { code: 'AADSTS54005' },
    });
  });
});

describe('a refresh', () => {
  it('brings a new access token with what was granted', async () => {
    const { oauth, tokens } = await connectPerson(emulator, olivia);
    const refreshed = await oauth.refresh(refreshToken(tokens));
    expect(refreshed.accessToken).not.toBe(tokens.accessToken);
    expect(refreshed.refreshToken).toBeTruthy();
    expect(refreshed.scopes).toEqual(tokens.scopes);
  });

  it('in our own name carries the roles that were consented to', async () => {
    await connectOrganization(emulator);
    const oauth = microsoftOAuth(emulatorConfig(emulator.url), 'application');
    const tokens = await oauth.refresh(ourselves);
    expect(tokens.refreshToken).toBeNull();
    expect([...tokens.scopes].sort()).toEqual([...allApplication].sort());
    expect(await oauth.account(tokens.accessToken)).toEqual({
      accountId: northwind,
      email: null,
      name: 'Northwind Traders',
      organizationId: northwind,
    });
  });

  it('proves who we are by a certificate as well as by a secret', async () => {
    await connectOrganization(emulator);
    const config = {
      ...emulatorConfig(emulator.url),
      proof: { kind: 'certificate', read: () => testCertificate },
    } as const;
    const tokens = await microsoftOAuth(config, 'application').refresh(ourselves);
    expect(tokens.accessToken).toBeTruthy();
  });

  it.each([
    ['is not there', () => readFileSync('/nowhere/certificate.pem', 'utf8')],
    ['holds no certificate', () => testCertificate.split('-----BEGIN CERTIFICATE')[0] ?? ''],
    ['is no key at all', () => 'secret words'],
  ])('whose certificate %s is our own fault, and nothing is sent', async (_name, read) => {
    const config = {
      ...emulatorConfig(emulator.url),
      proof: { kind: 'certificate', read },
    } as const;
    const error = await microsoftOAuth(config, 'application')
      .refresh(ourselves)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'app_fault', failure: { code: 'certificate_unreadable' } });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret words');
    expect(tokenPosts()).toBe(0);
  });

  it('in an organisation that never consented is needs_reconsent', async () => {
    const oauth = microsoftOAuth(emulatorConfig(emulator.url), 'application');
    const organizationId = 'b93e7a52-4d18-4c6f-8e02-71a5c0d94f36';
    await expect(
      oauth.refresh({ kind: 'client_credentials', organizationId }),
    ).rejects.toMatchObject({ kind: 'needs_reconsent', failure: { code: 'AADSTS700016' } });
  });

  it('hands on what a refused call demanded, and what we can do', async () => {
    const sent: URLSearchParams[] = [];
    const spy: typeof fetch = (input, init) => {
      sent.push(new URLSearchParams(String(init?.body)));
      return fetch(input, init);
    };
    const { tokens } = await connectPerson(emulator, olivia);
    const oauth = microsoftOAuth(emulatorConfig(emulator.url), 'delegated', spy);
    const demanded = { access_token: { nbf: { essential: true, value: '1604106651' } } };
    const encoded = Buffer.from(JSON.stringify(demanded)).toString('base64');
    const claims = demandedClaims(
      new Headers({
        'www-authenticate': `Bearer realm="", error="insufficient_claims", claims="${encoded}"`,
      }),
    );
    await oauth.refresh(refreshToken(tokens), { claims: claims ?? undefined });
    expect(JSON.parse(sent[0]?.get('claims') ?? '')).toEqual({
      access_token: { ...demanded.access_token, xms_cc: { values: ['cp1'] } },
    });
  });

  it.each([
    ['after the consent was taken back', 'revoke', 'needs_reconsent'],
    ['after a change of password', 'end_sessions', 'needs_reconsent'],
  ])('%s (%s) asks once and is %s', async (_name, action, kind) => {
    const { oauth, tokens } = await connectPerson(emulator, olivia);
    await emulator.act(action, olivia);
    emulator.clearRequests();
    await expect(oauth.refresh(refreshToken(tokens))).rejects.toMatchObject({ kind });
    expect(tokenPosts()).toBe(1);
  });

  it.each([
    ['app_secret', 'app_fault'],
    ['app_disabled', 'blocked_by_policy'],
    ['conditional_access', 'blocked_by_policy'],
    ['second_factor', 'needs_reconsent'],
    ['sign_in_down', 'temporarily_unavailable'],
  ])('that meets %s posts once and is %s', async (preset, kind) => {
    const { oauth, tokens } = await connectPerson(emulator, olivia);
    emulator.clearRequests();
    emulator.preset(preset);
    await expect(oauth.refresh(refreshToken(tokens))).rejects.toMatchObject({ kind });
    expect(tokenPosts()).toBe(1);
  });

  it.each([
    ['a cut connection', { reset: true }, 'temporarily_unavailable'],
    ['a page instead of JSON', { body: '<html>Sorry…</html>' }, 'invalid_response'],
    ['JSON without a token', { body: { token_type: 'Bearer' } }, 'invalid_response'],
  ])('that meets %s posts once and says so', async (_name, fault, kind) => {
    const { oauth, tokens } = await connectPerson(emulator, olivia);
    emulator.clearRequests();
    emulator.fault({ path: '/*/oauth2/v2.0/token', ...fault });
    await expect(oauth.refresh(refreshToken(tokens))).rejects.toMatchObject({ kind });
    expect(tokenPosts()).toBe(1);
  });
});

it('no error of a call carries a token', async () => {
  const { oauth, tokens } = await connectPerson(emulator, olivia);
  const body = { access_token: tokens.accessToken, token_type: 'Bearer' };
  emulator.fault({ path: '/*/oauth2/v2.0/token', body });
  const error = await oauth.refresh(refreshToken(tokens)).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ kind: 'invalid_response' });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(tokens.accessToken);
});
