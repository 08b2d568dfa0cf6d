import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { testDatabase } from '@/db/testing';
import { holdTestKey } from '@/lib/vault/testing';
import { personOfSession } from './people';
import { signUp } from './sign-up';
import { Browser } from './testing/browser';
import { IdentityProvider } from './testing/identity-provider';

const origin = 'http://localhost:3000';
const provider = new IdentityProvider();
await provider.start();
for (const [name, value] of Object.entries({
  LOG_LEVEL: 'silent',
  AUTH_SECRET: 'a secret for these tests alone, 32+',
  APP_URL: origin,
  AUTH_GOOGLE_ID: 'client-1',
  AUTH_GOOGLE_SECRET: 'client-secret',
  AUTH_GOOGLE_ISSUER: provider.issuer('/google'),
  AUTH_MICROSOFT_ID: 'client-1',
  AUTH_MICROSOFT_SECRET: 'client-secret',
  AUTH_MICROSOFT_ISSUER: provider.issuer('/directory'),
})) {
  vi.stubEnv(name, value);
}

const database = testDatabase();
const password = 'a walk along the pier';
const jo = { email: 'jo@harbour.example', name: 'Jo Miller', password, tenantName: 'Harbour' };
const verified = { sub: 'jo-1', email: jo.email, email_verified: true, name: 'Jo at Google' };
let browser: Browser;

beforeAll(() => holdTestKey());
afterAll(() => provider.stop());
beforeEach(async () => {
  await database.owner.query(
    'truncate tenants, users, user_identities, memberships, tenant_keys, audit_events, rate_limits cascade',
  );
  browser = new Browser(origin);
});

/** From our page to the provider and back. @returns where the browser ends */
async function walk(claims: Record<string, unknown>, through = 'google', by = browser) {
  const back = provider.consent(await by.startWith(through), claims);
  const response = await by.get(back.pathname + back.search);
  return response.headers.get('location') ?? '';
}
const people = async () =>
  (await database.owner.query('select email, name, password_hash from users order by email')).rows;

describe('signing in with an identity provider', () => {
  it('asks with PKCE, state and nonce, and for no more than who it is', async () => {
    const asked = new URL(await browser.startWith('google')).searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect(asked.get('scope')).toBe('openid profile email');
    expect(asked.get('redirect_uri')).toBe(`${origin}/api/auth/callback/google`);
    for (const name of ['code_challenge', 'state', 'nonce']) {
      expect(asked.get(name)).toMatch(/^[\w.-]{40,}$/);
    }
  });

  it('makes a person of a new, verified address, in no organisation', async () => {
    expect(await walk(verified)).toBe(`${origin}/overview`);
    expect(await people()).toEqual([
      { email: jo.email, name: 'Jo at Google', password_hash: null },
    ]);
    expect(await browser.token()).toMatchObject({ tenantId: null, role: null });
  });

  it('knows the person again, whatever their address has become', async () => {
    await walk(verified);
    const first = await browser.token();
    await walk({ ...verified, email: 'married@harbour.example', email_verified: false });
    expect((await browser.token())?.userId).toBe(first?.userId);
    expect(await people()).toHaveLength(1);
  });

  it('is on record in the organisation, with the provider', async () => {
    await signUp(jo, { requestId: 'req-1' });
    await walk(verified);
    const { rows } = await database.owner.query(
      `select details from audit_events where action = 'session.started'`,
    );
    expect(rows).toEqual([{ details: { method: 'google' } }]);
  });
});

describe('an address that a provider proves', () => {
  it('takes the account over: its password and its other sessions end', async () => {
    const { userId } = await signUp(jo, { requestId: 'req-1' });
    const other = new Browser(origin);
    await other.signIn(jo.email, password);
    const before = await other.token();

    await walk(verified);
    expect(await browser.token()).toMatchObject({ userId, role: 'owner', sessionVersion: 2 });
    expect(await personOfSession(userId, before?.sessionVersion ?? 0)).toBeNull();
    await other.signOut();
    await other.signIn(jo.email, password);
    expect(await other.token()).toBeNull();
  });

  it('links a further provider without ending anything', async () => {
    await walk(verified);
    const first = await browser.token();
    const further = new Browser(origin);
    await walk({ ...verified, sub: 'other', xms_edov: true }, 'microsoft-entra-id', further);
    expect(await further.token()).toMatchObject({ userId: first?.userId, sessionVersion: 1 });
  });

  it('makes one person when several browsers come at once', async () => {
    const browsers = Array.from({ length: 4 }, () => new Browser(origin));
    await Promise.all(browsers.map((each) => walk(verified, 'google', each)));
    expect(await people()).toHaveLength(1);
  });
});

describe('an address that nobody proved', () => {
  const refused = `${origin}/sign-in?error=unverified_email`;

  it.each([
    ['Google, unverified', 'google', { email_verified: false }],
    ['Google, verified in words', 'google', { email_verified: 'true' }],
    ['Google, silent', 'google', { email_verified: undefined }],
    ['Google, without an address', 'google', { email: undefined }],
    ['Microsoft, as any administrator can set it', 'microsoft-entra-id', { email_verified: true }],
    ['Microsoft, not the owner of the domain', 'microsoft-entra-id', { xms_edov: false }],
  ])('from %s opens and makes no account', async (_from, through, claims) => {
    await signUp(jo, { requestId: 'req-1' });
    expect(await walk({ ...verified, ...claims }, through)).toBe(refused);
    expect(await browser.token()).toBeNull();
    expect((await people()).map((row) => row.password_hash === null)).toEqual([false]);
  });

  it('from Microsoft counts when the directory owns the domain', async () => {
    await walk({ ...verified, xms_edov: true }, 'microsoft-entra-id');
    expect(await browser.token()).not.toBeNull();
  });

  it('does not matter for a subject, which counts within its issuer only', async () => {
    await walk(verified);
    expect(await walk({ ...verified, email_verified: undefined }, 'microsoft-entra-id')).toBe(
      refused,
    );
  });
});

describe('an answer that is not of this flow', () => {
  const ends = async (end: Promise<string>) => {
    expect(await end).toMatch(/\/sign-in\?error=/);
    expect(await browser.token()).toBeNull();
    expect(await people()).toEqual([]);
  };

  it('in another browser is refused', async () => {
    const back = provider.consent(await new Browser(origin).startWith('google'), verified);
    const response = await browser.get(back.pathname + back.search);
    await ends(Promise.resolve(response.headers.get('location') ?? ''));
  });

  it('with another state is refused', async () => {
    const back = provider.consent(await browser.startWith('google'), verified);
    back.searchParams.set('state', 'forged');
    const response = await browser.get(back.pathname + back.search);
    await ends(Promise.resolve(response.headers.get('location') ?? ''));
  });

  it('through another provider’s callback is refused', async () => {
    const back = provider.consent(await browser.startWith('google'), verified);
    const response = await browser.get(`/api/auth/callback/microsoft-entra-id${back.search}`);
    await ends(Promise.resolve(response.headers.get('location') ?? ''));
  });

  it.each([
    ['another nonce', { nonce: 'another' }],
    ['another issuer', { iss: 'http://localhost:1/google' }],
    ['another audience', { aud: 'client-2' }],
    ['an end in the past', { exp: 1_700_000_000 }],
  ])('whose token has %s is refused', (_what, claims) => ends(walk({ ...verified, ...claims })));

  it('used before is refused', async () => {
    const back = provider.consent(await browser.startWith('google'), verified);
    await browser.get(back.pathname + back.search);
    const again = new Browser(origin);
    const response = await again.get(back.pathname + back.search);
    expect(response.headers.get('location')).toMatch(/\/sign-in\?error=/);
    expect(await again.token()).toBeNull();
  });

  it('that the person refused says so', async () => {
    const asked = new URL(await browser.startWith('google')).searchParams;
    const query = new URLSearchParams({ error: 'access_denied', state: asked.get('state') ?? '' });
    const response = await browser.get(`/api/auth/callback/google?${query}`);
    expect(response.headers.get('location')).toBe(`${origin}/sign-in?error=OAuthCallbackError`);
  });
});

it('never sends the browser to another site afterwards', async () => {
  const csrfToken = await browser.csrfToken();
  const form = { csrfToken, callbackUrl: 'https://evil.example/' };
  const started = await browser.post('/api/auth/signin/google', form);
  const back = provider.consent(started.headers.get('location') ?? '', verified);
  const response = await browser.get(back.pathname + back.search);
  expect(response.headers.get('location')).toBe(origin);
});
