import { sign } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../index';
import {
  changePerson,
  changeServiceAccount,
  delegateTo,
  serviceAccountKey,
} from '../testing/google';
import { assertionGrant } from './assertion';
import { delegatedFromTheStart } from './seed/organizations';

const domain = 'northwind.example';
const olivia = `olivia@${domain}`;
const victor = `victor@${domain}`;
const readUsers = 'https://www.googleapis.com/auth/admin.directory.user.readonly';
const readDrives = 'https://www.googleapis.com/auth/drive.readonly';

let emulator: Emulator;
let key: { readonly client_email: string; readonly private_key: string };

beforeAll(async () => {
  emulator = await startEmulator({ seed: { crowd: { [domain]: 250 } } });
  key = JSON.parse(await serviceAccountKey(emulator, domain));
});
afterEach(async () => {
  await delegateTo(emulator, domain, delegatedFromTheStart);
  await changeServiceAccount(emulator, domain, 'enable');
  emulator.clearRequests();
});
afterAll(() => emulator.close());

const seconds = () => Math.floor(Date.now() / 1_000);
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

function assertion(claims: object = {}, header: object = {}): string {
  const now = seconds();
  const input = [
    encode({ alg: 'RS256', typ: 'JWT', ...header }),
    encode({
      iss: key.client_email,
      sub: olivia,
      aud: `${emulator.url}/token`,
      iat: now,
      exp: now + 3_600,
      scope: `${readUsers} ${readDrives}`,
      ...claims,
    }),
  ].join('.');
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), key.private_key).toString('base64url')}`;
}

async function exchange(jwt = assertion()) {
  const response = await fetch(`${emulator.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: assertionGrant, assertion: jwt }),
  });
  return { status: response.status, ...(await response.json()) };
}

const get = async (path: string, claims: object = {}) => {
  const { access_token } = await exchange(assertion(claims));
  const response = await fetch(new URL(path, emulator.url), {
    headers: { authorization: `Bearer ${access_token}` },
  });
  return { status: response.status, ...(await response.json()) };
};

describe('the token endpoint', () => {
  it('gives a token for an hour and no refresh token', async () => {
    expect(await exchange()).toEqual({
      status: 200,
      access_token: expect.stringMatching(/^ya29\./),
      expires_in: 3_599,
      token_type: 'Bearer',
    });
  });

  it.each<[string, () => string, number, string, string]>([
    ['no JWT', () => 'nonsense', 400, 'invalid_grant', 'Failed to parse'],
    ['another algorithm', () => assertion({}, { alg: 'none' }), 400, 'invalid_grant', 'algorithm'],
    [
      'an unknown issuer',
      () => assertion({ iss: 'x@y.iam.gserviceaccount.com' }),
      400,
      'invalid_grant',
      'account not found',
    ],
    [
      'another audience',
      () => assertion({ aud: 'https://evil.example/token' }),
      400,
      'invalid_grant',
      'audience',
    ],
    ['claims that were changed', () => tampered(), 400, 'invalid_grant', 'Invalid JWT Signature.'],
    [
      'a life of two hours',
      () => assertion({ exp: seconds() + 7_200 }),
      400,
      'invalid_grant',
      'short-lived',
    ],
    [
      'a time long past',
      () => assertion({ iat: seconds() - 9_000, exp: seconds() - 8_000 }),
      400,
      'invalid_grant',
      'timeframe',
    ],
    ['no scope', () => assertion({ scope: '' }), 400, 'invalid_scope', 'Empty'],
    [
      'a scope that was not delegated',
      () => assertion({ scope: 'https://www.googleapis.com/auth/drive' }),
      401,
      'unauthorized_client',
      'unauthorized',
    ],
    [
      'a person of another organisation',
      () => assertion({ sub: 'omar@fabrikam.example' }),
      401,
      'unauthorized_client',
      'unauthorized',
    ],
    ['nobody', () => assertion({ sub: `nobody@${domain}` }), 400, 'invalid_grant', 'Invalid email'],
    [
      'somebody suspended',
      () => assertion({ sub: `tom@${domain}` }),
      400,
      'invalid_grant',
      'Invalid email',
    ],
  ])('refuses %s', async (_name, make, status, error, words) => {
    expect(await exchange(make())).toEqual({
      status,
      error,
      error_description: expect.stringContaining(words),
    });
  });

  function tampered(): string {
    const [header, , signature] = assertion().split('.');
    return [header, assertion({ sub: victor }).split('.')[1], signature].join('.');
  }

  it('refuses an account that is switched off, and one that is gone', async () => {
    await changeServiceAccount(emulator, domain, 'disable');
    expect(await exchange()).toMatchObject({ error: 'disabled_client' });
    await changeServiceAccount(emulator, domain, 'delete');
    expect(await exchange()).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('the directory', () => {
  it('lists people page by page, each once', async () => {
    const found: string[] = [];
    let token = '';
    do {
      const page = await get(
        `/admin/directory/v1/users?customer=my_customer&maxResults=100&orderBy=email${token}`,
      );
      expect(page.status).toBe(200);
      found.push(...page.users.map((one: { primaryEmail: string }) => one.primaryEmail));
      token = page.nextPageToken ? `&pageToken=${page.nextPageToken}` : '';
    } while (token);
    expect(found).toHaveLength(254);
    expect(found).toEqual([...new Set(found)].sort());
  });

  it('may be asked by domain, but for no other one', async () => {
    expect(await get(`/admin/directory/v1/users?domain=${domain}`)).toMatchObject({ status: 200 });
    expect(await get('/admin/directory/v1/users?domain=fabrikam.example')).toMatchObject({
      status: 404,
    });
    expect(await get('/admin/directory/v1/users')).toMatchObject({ status: 400 });
  });

  it('answers administrators only, and with the scope only', async () => {
    const users = '/admin/directory/v1/users?customer=my_customer';
    expect(await get(users, { sub: victor })).toMatchObject({
      status: 403,
      error: { message: 'Not Authorized to access this resource/api' },
    });
    expect(await get(users, { scope: readDrives })).toMatchObject({ status: 403 });
  });

  it('knows one person by address and by id', async () => {
    const byAddress = await get(`/admin/directory/v1/users/${victor}`);
    expect(byAddress).toMatchObject({ primaryEmail: victor, isAdmin: false, suspended: false });
    expect(await get(`/admin/directory/v1/users/${byAddress.id}`)).toEqual(byAddress);
    expect(await get('/admin/directory/v1/users/omar@fabrikam.example')).toMatchObject({
      status: 404,
    });
  });

  it('lists all shared drives for an administrator, and for nobody else', async () => {
    const all = '/drive/v3/drives?useDomainAdminAccess=true';
    expect((await get(all)).drives).toMatchObject([{ name: 'Northwind Traders shared' }]);
    expect(await get(all, { sub: victor })).toMatchObject({ status: 403 });
  });

  it('shuts out somebody who is suspended at once', async () => {
    const { access_token } = await exchange(assertion({ sub: victor, scope: readDrives }));
    await changePerson(emulator, victor, { suspended: true });
    const response = await fetch(`${emulator.url}/drive/v3/drives`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(response.status).toBe(401);
    await changePerson(emulator, victor, { suspended: false });
  });
});

it('the key file is made once, until somebody replaces it', async () => {
  const again = JSON.parse(await serviceAccountKey(emulator, domain));
  expect(again).toMatchObject({ ...key, token_uri: `${emulator.url}/token` });
});
