import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoClient, type Emulator, startEmulator } from '../index';
import { answerConsent, testRedirect } from '../testing';

const olivia = 'olivia@northwind.example';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

function authorization(change: Record<string, string> = {}): string {
  const url = new URL('/o/oauth2/v2/auth', emulator.url);
  url.search = new URLSearchParams({
    client_id: demoClient.clientId,
    redirect_uri: testRedirect,
    response_type: 'code',
    scope: 'openid email',
    state: 'a&b <c>',
    ...change,
  }).toString();
  return url.href;
}

async function exchange(back: URL, change: Record<string, string> = {}) {
  const response = await fetch(new URL('/token', emulator.url), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: testRedirect,
      client_id: demoClient.clientId,
      client_secret: demoClient.clientSecret,
      ...change,
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

describe('the authorisation page', () => {
  it('hands the state back as it came', async () => {
    const back = await answerConsent(authorization(), { email: olivia });
    expect(back.searchParams.get('state')).toBe('a&b <c>');
  });

  it.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['a redirect to somewhere else', { redirect_uri: 'https://attacker.example/' }],
    ['no scope', { scope: '' }],
    ['a response type other than code', { response_type: 'token' }],
    ['a plain code challenge', { code_challenge: 'x', code_challenge_method: 'plain' }],
  ])('shows an error and redirects nowhere for %s', async (_name, change) => {
    const response = await fetch(authorization(change), { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(response.headers.has('location')).toBe(false);
  });

  it('shows only the account that is hinted at', async () => {
    const page = await (await fetch(authorization({ login_hint: olivia }))).text();
    expect(page).toContain(olivia);
    expect(page).not.toContain('victor@northwind.example');
  });

  it('cannot do without a person', async () => {
    const response = await fetch(authorization({ prompt: 'none' }), { redirect: 'manual' });
    expect(response.headers.get('location')).toContain('error=interaction_required');
  });
});

describe('the token endpoint', () => {
  it('gives an id token that its published key verifies', async () => {
    const back = await answerConsent(authorization({ nonce: 'n-1' }), { email: olivia });
    const { body } = await exchange(back);
    const [head = '', claims = '', signature = ''] = (body.id_token ?? '').split('.');
    const certs = await fetch(new URL('/oauth2/v3/certs', emulator.url));
    const { keys } = (await certs.json()) as { keys: JsonWebKey[] };
    const key = createPublicKey({ key: keys[0] as JsonWebKey, format: 'jwk' });
    const signed = Buffer.from(`${head}.${claims}`);
    expect(verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      iss: emulator.url,
      aud: demoClient.clientId,
      email: olivia,
      hd: 'northwind.example',
      nonce: 'n-1',
    });
  });

  it('gives a refresh token at the first offline consent, and then only when forced', async () => {
    const consent = async (change: Record<string, string>) => {
      const url = authorization({ access_type: 'offline', ...change });
      return (await exchange(await answerConsent(url, { email: 'omar@fabrikam.example' }))).body;
    };
    expect((await consent({})).refresh_token).toBeDefined();
    expect((await consent({})).refresh_token).toBeUndefined();
    expect((await consent({ prompt: 'consent' })).refresh_token).toBeDefined();
  });

  it.each([
    ['a wrong secret', { client_secret: 'x' }, 401, 'invalid_client'],
    ['an unknown client', { client_id: 'x' }, 401, 'invalid_client'],
    ['another redirect', { redirect_uri: 'http://localhost:1/' }, 400, 'redirect_uri_mismatch'],
    ['a made-up code', { code: '4/x' }, 400, 'invalid_grant'],
    ['an unknown grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('refuses %s', async (_name, change, status, error) => {
    const back = await answerConsent(authorization(), { email: olivia });
    expect(await exchange(back, change)).toMatchObject({ status, body: { error } });
  });

  it('refuses a code without the verifier that its challenge wants', async () => {
    const challenged = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };
    const back = await answerConsent(authorization(challenged), { email: olivia });
    expect(await exchange(back)).toMatchObject({ body: { error: 'invalid_grant' } });
  });
});

it('an API refuses a token without its scope', async () => {
  const { body } = await exchange(await answerConsent(authorization(), { email: olivia }));
  const response = await fetch(new URL('/gmail/v1/users/me/labels', emulator.url), {
    headers: { authorization: `Bearer ${body.access_token}` },
  });
  expect(response.status).toBe(403);
  expect(await response.text()).toContain('ACCESS_TOKEN_SCOPE_INSUFFICIENT');
});
