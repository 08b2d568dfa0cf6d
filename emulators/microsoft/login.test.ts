import { createHash, generateKeyPair, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Emulator, startEmulator } from '../index';
import { demoApp } from './seed';
import { claimsOf, RawClient, redirectUri, tids } from './testing';

const olivia = 'olivia@northwind.example';
const victor = 'victor@northwind.example';
const grace = 'grace@northwind.example';

let emulator: Emulator;
let client: RawClient;
beforeAll(async () => {
  emulator = await startEmulator('microsoft');
  client = new RawClient(emulator.url);
});
beforeEach(() => {
  emulator.clearFaults();
  for (const account of [tids.northwind, tids.fabrikam, olivia, victor]) emulator.revoke(account);
});
afterEach(() => void vi.useRealTimers());
afterAll(() => emulator.close());

describe('a person’s consent', () => {
  it('gives a token that names the person and the directory, signed with the published key', async () => {
    const tokens = await client.signIn(olivia);
    const keys = createRemoteJWKSet(new URL(`${emulator.url}/organizations/discovery/v2.0/keys`));
    const { payload } = await jwtVerify(tokens.id_token, keys, {
      issuer: `${emulator.url}/${tids.northwind}/v2.0`,
      audience: demoApp.clientId,
    });
    expect(payload).toMatchObject({
      tid: tids.northwind,
      preferred_username: olivia,
      nonce: 'nonce',
    });
    expect(claimsOf(tokens.access_token)).toMatchObject({
      tid: tids.northwind,
      oid: payload.oid,
      scp: 'openid profile User.Read',
      idtyp: 'user',
    });
    const { body } = await client.graph(tokens.access_token, '/me');
    expect(body).toMatchObject({ id: payload.oid, userPrincipalName: olivia });
  });

  it('can be declined', async () => {
    const { back } = await client.consent({ email: olivia, deny: true }, 'openid User.Read');
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('error_description')).toMatch(/^AADSTS65004: /);
    expect(back.searchParams.get('state')).toBe('state');
  });

  it('is not enough where an administrator is needed, and an administrator’s is', async () => {
    const scope = 'openid profile User.Read.All';
    const plain = await client.consent({ email: victor }, scope);
    expect(plain.back.searchParams.get('error_description')).toMatch(/^AADSTS90094: /);
    const admin = await client.consent({ email: olivia }, scope);
    expect(admin.back.searchParams.get('code')).toBeTruthy();
  });

  it.each([
    ['response_type', 'token', 'unsupported_response_type'],
    ['scope', 'Mail-Read', 'invalid_client'],
    ['prompt', 'never', 'invalid_request'],
    ['prompt', 'none', 'login_required'],
    ['code_challenge_method', 'plain', 'invalid_request'],
  ])('is not asked for with %s=%s: %s', async (name, value, error) => {
    const { back } = await client.consent({ email: olivia }, 'openid', { [name]: value });
    expect(back.searchParams.get('error')).toBe(error);
  });

  it('never leads to an address that is not ours', async () => {
    const asked = client.consent({ email: olivia }, 'openid', {
      redirect_uri: 'https://attacker.example/callback',
    });
    await expect(asked).rejects.toThrow('the consent page answered 400');
  });
});

describe('a code', () => {
  const exchange = async (changes: Record<string, string> = {}) => {
    const { back, verifier } = await client.consent({ email: olivia }, 'openid offline_access');
    const form = {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: redirectUri,
      code_verifier: verifier,
    };
    return { form, answer: await client.token({ ...form, ...changes }) };
  };

  it.each([
    ['another verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant', 501481],
    ['another address', { redirect_uri: `${redirectUri}2` }, 'invalid_client', 500112],
    ['another code', { code: 'x' }, 'invalid_grant', 70000],
    ['a wrong secret', { client_secret: 'wrong' }, 'invalid_client', 7000215],
    ['an unknown client', { client_id: 'nobody' }, 'unauthorized_client', 700016],
  ])('is refused with %s', async (_what, changes, error, number) => {
    const { answer } = await exchange(changes);
    expect(answer.body).toMatchObject({ error, error_codes: [number] });
    expect(answer.body.error_description).toMatch(new RegExp(`^AADSTS${number}: `));
  });

  it('is good once', async () => {
    const { form, answer } = await exchange();
    expect(answer.status).toBe(200);
    expect((await client.token(form)).body.error_codes).toEqual([54005]);
  });
});

describe('a refresh token', () => {
  const refresh = (refresh_token: string) =>
    client.token({ grant_type: 'refresh_token', refresh_token });

  it('gives the next one and stays good itself', async () => {
    const first = await client.signIn(olivia);
    const { body: second } = await refresh(first.refresh_token);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await refresh(first.refresh_token)).status).toBe(200);
    expect((await refresh(second.refresh_token)).status).toBe(200);
  });

  it('is no use once consent is taken back', async () => {
    const tokens = await client.signIn(olivia);
    emulator.revoke(olivia);
    const { body } = await refresh(tokens.refresh_token);
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [65001] });
    expect((await client.graph(tokens.access_token, '/me')).status).toBe(401);
  });

  it('is no use once the password was changed, be it in the same millisecond', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const tokens = await client.signIn(olivia);
    await emulator.act('end_sessions', olivia);
    const { body } = await refresh(tokens.refresh_token);
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [50173] });
    const { refresh_token: next } = await client.signIn(olivia);
    expect((await refresh(next)).status).toBe(200);
  });

  it('meets our own secret’s end as our own fault', async () => {
    const tokens = await client.signIn(olivia);
    emulator.preset('app_secret');
    const { status, body } = await refresh(tokens.refresh_token);
    expect([status, body.error, body.error_codes]).toEqual([401, 'invalid_client', [7000222]]);
  });
});

describe('an administrator’s consent', () => {
  it('lets the app in with exactly what is registered on it', async () => {
    const before = await client.appToken(tids.northwind);
    expect(before.body.error_codes).toEqual([700016]);
    const back = await client.adminConsent({ email: olivia });
    expect(Object.fromEntries(back.searchParams)).toEqual({
      admin_consent: 'True',
      tenant: tids.northwind,
      scope: 'https://graph.microsoft.com/.default',
      state: 'state',
    });
    const { body } = await client.appToken(tids.northwind);
    expect(claimsOf(body.access_token)).toMatchObject({
      tid: tids.northwind,
      roles: [...demoApp.roles],
      idtyp: 'app',
    });
    expect((await client.appToken(tids.fabrikam)).body.error_codes).toEqual([700016]);
  });

  it.each([
    ['somebody without a role', { email: victor }],
    ['an administrator who may not give application permissions', { email: grace }],
    ['somebody who cancels', { email: olivia, deny: true }],
  ])('is not given by %s', async (_who, answer) => {
    const back = await client.adminConsent(answer);
    expect(back.searchParams.get('error')).toBe('consent_required');
    expect((await client.appToken(tids.northwind)).status).toBe(400);
  });

  it('shows in the next token what was taken out of it', async () => {
    await client.adminConsent({ email: olivia });
    const before = await client.appToken(tids.northwind);
    await emulator.act('remove_permission', tids.northwind, 'User.Read.All');
    expect((await client.graph(before.body.access_token, '/users')).status).toBe(401);
    const { body } = await client.appToken(tids.northwind);
    expect(claimsOf(body.access_token).roles).not.toContain('User.Read.All');
    const refused = await client.graph(body.access_token, '/users');
    expect([refused.status, refused.body.error.code]).toEqual([403, 'Authorization_RequestDenied']);
  });
});

describe('a client assertion', () => {
  it('that no registered certificate made is refused', async () => {
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const x5t = createHash('sha256').update('other').digest('base64url');
    const now = Math.floor(Date.now() / 1_000);
    const input = `${encode({ alg: 'RS256', 'x5t#S256': x5t })}.${encode({
      aud: `${emulator.url}/${tids.northwind}/oauth2/v2.0/token`,
      iss: demoApp.clientId,
      sub: demoApp.clientId,
      exp: now + 60,
    })}`;
    const signature = sign('sha256', Buffer.from(input), privateKey).toString('base64url');
    const { body } = await client.token(
      {
        grant_type: 'client_credentials',
        scope: 'https://graph.microsoft.com/.default',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: `${input}.${signature}`,
      },
      tids.northwind,
    );
    expect(body.error_codes).toEqual([700027]);
  });
});
