import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import {
  changePerson,
  changeServiceAccount,
  connectOrganization,
  delegateTo,
  serviceAccountKey,
} from '@/emulators/testing/google';
import type { Grant } from '../provider';
import { emulatorConfig } from './config';
import { delegationScopes } from './scopes';
import { serviceAccountConsent, serviceAccountOAuth } from './service-account';

const domain = 'northwind.example';
const olivia = `olivia@${domain}`;
const victor = `victor@${domain}`;
const tom = `tom@${domain}`;
const everything = delegationScopes.map(({ scope }) => scope);
const required = delegationScopes.filter((one) => one.required).map(({ scope }) => scope);

let emulator: Emulator;
let key: string;

beforeAll(async () => {
  emulator = await startEmulator();
  key = await serviceAccountKey(emulator, domain);
});
afterEach(async () => {
  emulator.clearFaults();
  await delegateTo(emulator, domain, everything);
  await changeServiceAccount(emulator, domain, 'enable');
  await changePerson(emulator, olivia, { admin: true, suspended: false });
  emulator.clearRequests();
});
afterAll(() => emulator.close());

const consent = () => serviceAccountConsent(emulatorConfig(emulator.url));
const oauth = () => serviceAccountOAuth(emulatorConfig(emulator.url));
const grant = (over: Partial<Extract<Grant, { kind: 'service_account' }>> = {}): Grant => ({
  kind: 'service_account',
  key,
  subject: olivia,
  scopes: everything,
  ...over,
});
const tokenPosts = () => emulator.requests({ path: '/token' }).length;

describe('connecting an organisation', () => {
  it('says who it is, with a lasting id, and keeps what was allowed', async () => {
    const { account, domain: main, tokens, grant: kept } = await consent().verify(key, olivia);
    expect(account).toEqual({
      accountId: expect.stringMatching(/^C0\w{7}$/),
      email: null,
      name: 'Northwind Traders',
      organizationId: domain,
    });
    expect(main).toBe(domain);
    expect(tokens.scopes).toEqual([...everything].sort());
    expect(kept).toEqual({ kind: 'service_account', key, subject: olivia, scopes: tokens.scopes });
    expect(tokenPosts()).toBe(1);
  });

  it('finds out which optional permissions were allowed', async () => {
    const events = 'https://www.googleapis.com/auth/calendar.events';
    await delegateTo(emulator, domain, [...required, events]);
    const { tokens } = await consent().verify(key, olivia);
    expect(tokens.scopes).toEqual([...required, events].sort());
  });

  it('without one of the required permissions says what to click', async () => {
    await delegateTo(emulator, domain, everything.slice(1));
    const refused = consent().verify(key, olivia);
    await expect(refused).rejects.toMatchObject({ kind: 'needs_reconsent' });
    await expect(refused).rejects.toHaveProperty(
      'publicMessage',
      expect.stringContaining('Domain-wide delegation'),
    );
  });

  it('takes only an administrator to speak for', async () => {
    await expect(consent().verify(key, victor)).rejects.toMatchObject({
      publicMessage: expect.stringContaining('not an administrator'),
    });
  });

  it('does not reach into another organisation', async () => {
    await expect(consent().verify(key, 'omar@fabrikam.example')).rejects.toMatchObject({
      kind: 'needs_reconsent',
      failure: { code: 'unauthorized_client' },
    });
  });

  it('gives the scopes as the Admin console takes them', () => {
    expect(consent().scopeList.split(',')).toEqual(everything);
  });
});

describe('a token', () => {
  it('speaks for the administrator with all, and for a person without the directory', async () => {
    const { tokens } = await connectOrganization(emulator, olivia).then((one) => one.verified);
    expect(tokens.scopes).toContain('https://www.googleapis.com/auth/drive.readonly');
    const own = await oauth().refreshFor?.(grant(), victor);
    expect(own?.scopes).toEqual(
      everything.filter((scope) => !/admin\.directory|drive\.readonly$/.test(scope)).sort(),
    );
    expect(own?.accessToken).toMatch(/^ya29\./);
    expect(own && +own.expiresAt - Date.now()).toBeGreaterThan(3_500_000);
  });

  it.each<[string, () => Promise<void>, string, string]>([
    ['delegation', () => delegateTo(emulator, domain, []), 'needs_reconsent', 'delegation'],
    [
      'a permission',
      () => delegateTo(emulator, domain, everything.slice(0, -1)),
      'needs_reconsent',
      'delegation',
    ],
    [
      'the service account',
      () => changeServiceAccount(emulator, domain, 'disable'),
      'needs_reconsent',
      'switched off',
    ],
    [
      'the service account for good',
      () => changeServiceAccount(emulator, domain, 'delete'),
      'needs_reconsent',
      'deleted',
    ],
    [
      'the administrator',
      () => changePerson(emulator, olivia, { suspended: true }),
      'needs_reconsent',
      'administrator',
    ],
  ])('once %s was taken away asks once and says so', async (_name, take, kind, words) => {
    await take();
    emulator.clearRequests();
    const refused = oauth().refresh(grant());
    await expect(refused).rejects.toMatchObject({ kind, retryable: false });
    await expect(refused).rejects.toHaveProperty('publicMessage', expect.stringContaining(words));
    expect(tokenPosts()).toBe(1);
  });

  it('with a key that was replaced needs the new one', async () => {
    const own = await startEmulator();
    const old = await serviceAccountKey(own, domain);
    await changeServiceAccount(own, domain, 'new_key');
    const client = serviceAccountOAuth(emulatorConfig(own.url));
    await expect(client.refresh(grant({ key: old }))).rejects.toMatchObject({
      kind: 'needs_reconsent',
      publicMessage: expect.stringContaining('new key'),
    });
    await own.close();
  });

  it.each([
    ['who does not exist', `nobody@${domain}`],
    ['who is suspended', tom],
  ])('for somebody %s says nothing about the connection', async (_name, address) => {
    await expect(oauth().refreshFor?.(grant(), address)).rejects.toMatchObject({
      kind: 'not_found',
    });
  });

  it.each([
    ['a server error', { status: 503, body: {} }, 'temporarily_unavailable'],
    ['a cut connection', { reset: true }, 'temporarily_unavailable'],
    ['a page instead of JSON', { body: '<html>Sorry…</html>' }, 'invalid_response'],
    ['JSON without a token', { body: { token_type: 'Bearer' } }, 'invalid_response'],
    ['429', { status: 429, body: { error: 'rate_limit_exceeded' } }, 'throttled'],
    ['a wrong clock', clock(), 'app_fault'],
    ['a rule of the organisation', policy(), 'blocked_by_policy'],
  ])('that meets %s is asked for once and says so', async (_name, fault, kind) => {
    emulator.fault({ path: '/token', ...fault });
    await expect(oauth().refresh(grant())).rejects.toMatchObject({ kind });
    expect(tokenPosts()).toBe(1);
  });

  it('cannot be taken back from here', async () => {
    expect(await oauth().revoke('ya29.anything')).toBe(false);
    expect(emulator.requests()).toEqual([]);
  });
});

function clock() {
  const error_description =
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.';
  return { status: 400, body: { error: 'invalid_grant', error_description } };
}

function policy() {
  return { status: 400, body: { error: 'admin_policy_enforced' } };
}

it('no error carries the key, a token or an address', async () => {
  const { inspect } = await import('node:util');
  await delegateTo(emulator, domain, []);
  const error = await oauth()
    .refresh(grant())
    .catch((thrown: unknown) => thrown);
  const told = inspect(error, { depth: 9, showHidden: true });
  expect(told).not.toMatch(/PRIVATE KEY|olivia|ya29|eyJ/);
});
