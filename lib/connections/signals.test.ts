import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import { forgetFaults } from '@/lib/app-faults/gate';
import type { Authority, ProviderKey } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { renewToken } from './client';
import { testMember } from './testing';
import {
  apiPaths,
  connectTo,
  endToken,
  readOnce,
  requestsTo,
  standing,
  testProviders,
  tokenPaths,
} from './testing/world';

/** Every row of the table of signals, from what the provider says to the state that comes of it. */
const emulators = testProviders('google', 'microsoft', 'slack');
const database = testDatabase();
let context: MemberContext;
let id: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  for (const emulator of Object.values(emulators)) emulator.clearFaults();
  for (const table of ['connections', 'provider_app_faults', 'provider_app_doubts', 'alerts']) {
    await database.owner.query(`delete from ${table}`);
  }
  forgetFaults();
});

/** What happens to a working connection when the token endpoint, or the API, answers so. */
async function stateAfter(
  provider: ProviderKey,
  at: 'token' | 'api',
  answer: { readonly status: number; readonly body: unknown; readonly headers?: object },
  authority?: Authority,
) {
  id = await connectTo(context, provider, authority);
  // A consent of a moment ago is given a second chance where that may help.
  await database.owner.query(
    `update connections set state_changed_at = now() - interval '1 hour' where id = $1`,
    [id],
  );
  if (at === 'token') await endToken(database, id);
  emulators[provider].clearRequests();
  const path = at === 'token' ? tokenPaths[provider] : apiPaths[provider];
  emulators[provider].fault({ path, ...answer } as never);
  await readOnce(context, id).catch(() => undefined);
  const { state, moves } = await standing(database, id);
  expect(moves).toBe(state === 'active' ? 0 : 1);
  return state;
}
const faults = async () =>
  (await database.owner.query('select provider, code from provider_app_faults')).rows;
const posts = (provider: ProviderKey) => requestsTo(emulators[provider], tokenPaths[provider]);

describe('Microsoft’s token endpoint', () => {
  const says = (error: string, number: number) => ({
    status: error === 'invalid_client' ? 401 : 400,
    body: { error, error_description: `AADSTS${number}: words.`, error_codes: [number] },
  });

  it.each<[error: string, number: number, state: string]>([
    ['invalid_grant', 65001, 'needs_reconsent'],
    ['access_denied', 65004, 'needs_reconsent'],
    ['access_denied', 90094, 'needs_reconsent'],
    ['invalid_client', 650056, 'needs_reconsent'],
    ['invalid_resource', 500011, 'needs_reconsent'],
    ['unauthorized_client', 700016, 'needs_reconsent'],
    ['invalid_grant', 50173, 'needs_reconsent'],
    ['invalid_grant', 70000, 'needs_reconsent'],
    ['invalid_grant', 70008, 'needs_reconsent'],
    ['invalid_grant', 700082, 'needs_reconsent'],
    ['invalid_grant', 70043, 'needs_reconsent'],
    ['interaction_required', 50076, 'needs_reconsent'],
    ['interaction_required', 50079, 'needs_reconsent'],
    ['invalid_grant', 53003, 'blocked_by_policy'],
    ['invalid_grant', 530032, 'blocked_by_policy'],
    ['access_denied', 500021, 'blocked_by_policy'],
    ['unauthorized_client', 7000112, 'blocked_by_policy'],
    // Their directory has deleted our enterprise application, or never had it.
    ['invalid_client', 7000229, 'needs_reconsent'],
    ['unauthorized_client', 70001, 'needs_reconsent'],
    ['invalid_request', 90099, 'needs_reconsent'],
    ['invalid_client', 650052, 'needs_reconsent'],
    // Numbers that nobody wrote down are not taken for ours.
    ['invalid_client', 7000114, 'blocked_by_policy'],
    ['invalid_request', 900021, 'blocked_by_policy'],
    ['invalid_request', 50059, 'blocked_by_policy'],
    ['invalid_scope', 70011, 'blocked_by_policy'],
    ['temporarily_unavailable', 90006, 'degraded'],
    ['temporarily_unavailable', 90033, 'degraded'],
  ])('%s, AADSTS%i: %s', async (error, number, state) => {
    expect(await stateAfter('microsoft', 'token', says(error, number))).toBe(state);
    expect(posts('microsoft')).toBe(1);
    expect(await faults()).toEqual([]);
  });

  it.each([7000215, 7000222, 700027])(
    'AADSTS%i is our own fault, and the connection stays',
    async (number) => {
      expect(await stateAfter('microsoft', 'token', says('invalid_client', number))).toBe('active');
      expect(await faults()).toEqual([{ provider: 'microsoft', code: `AADSTS${number}` }]);
    },
  );

  it('5xx: degraded', async () => {
    expect(await stateAfter('microsoft', 'token', { status: 503, body: '' })).toBe('degraded');
  });

  it.each([7000229, 7000114, 7000112])(
    'AADSTS%i in one organisation leaves every other one working',
    async (number) => {
      const other = await testMember(database);
      const theirs = await connectTo(other, 'microsoft');
      expect(
        await stateAfter('microsoft', 'token', says('invalid_client', number), 'application'),
      ).not.toBe('active');
      emulators.microsoft.clearFaults();
      forgetFaults();
      await endToken(database, theirs);
      await readOnce(other, theirs);
      expect((await standing(database, theirs)).state).toBe('active');
      expect(await faults()).toEqual([]);
    },
  );

  it.each([
    ['unauthorized_client', 7000112],
    ['invalid_client', 999999],
  ] as const)(
    '%s, AADSTS%i that meets everybody is our own fault, and nobody stays blamed',
    async (error, number) => {
      const disabled = says(error, number);
      const other = await testMember(database);
      const first = await connectTo(other, 'microsoft');
      await endToken(database, first);
      emulators.microsoft.fault({ path: tokenPaths.microsoft, ...disabled });
      await readOnce(other, first).catch(() => undefined);
      expect((await standing(database, first)).state).toBe('blocked_by_policy');
      emulators.microsoft.clearFaults();
      expect(await stateAfter('microsoft', 'token', disabled)).toBe('active');
      expect((await standing(database, first)).state).toBe('active');
      expect(await faults()).toEqual([{ provider: 'microsoft', code: `AADSTS${number}` }]);
    },
  );

  it.each([700016, 7000229])(
    'AADSTS%i right after a consent is asked once more',
    async (number) => {
      id = await connectTo(context, 'microsoft');
      await endToken(database, id);
      emulators.microsoft.clearRequests();
      emulators.microsoft.fault({
        path: tokenPaths.microsoft,
        times: 1,
        ...says('unauthorized_client', number),
      });
      await readOnce(context, id);
      expect(posts('microsoft')).toBe(2);
      expect((await standing(database, id)).state).toBe('active');
    },
  );
});

describe('Microsoft Graph', () => {
  const claims = Buffer.from('{"access_token":{"nbf":{"essential":true}}}').toString('base64');
  const challenge = {
    status: 401,
    headers: { 'www-authenticate': `Bearer error="insufficient_claims", claims="${claims}"` },
    body: { error: { code: 'InvalidAuthenticationToken', message: 'more' } },
  };

  it.each<[Authority, string]>([
    ['delegated', 'needs_reconsent'],
    ['application', 'blocked_by_policy'],
  ])('insufficient_claims twice, %s: %s', async (authority, state) => {
    expect(await stateAfter('microsoft', 'api', challenge, authority)).toBe(state);
    expect(posts('microsoft')).toBe(1);
    expect(requestsTo(emulators.microsoft, apiPaths.microsoft)).toBe(2);
  });

  it('insufficient_claims once is answered with the claims, and all is well', async () => {
    id = await connectTo(context, 'microsoft');
    emulators.microsoft.fault({ path: apiPaths.microsoft, times: 1, ...challenge });
    await readOnce(context, id);
    expect((await standing(database, id)).state).toBe('active');
  });

  it('403 of one resource, with the permission in the token: stays', async () => {
    const body = { error: { code: 'ErrorAccessDenied', message: 'no' } };
    expect(await stateAfter('microsoft', 'api', { status: 403, body })).toBe('active');
  });

  it('403 with the permission missing from the token: needs_scopes', async () => {
    id = await connectTo(context, 'microsoft', 'delegated', 'MailboxSettings.ReadWrite');
    await readOnce(context, id).catch(() => undefined);
    expect((await standing(database, id)).state).toBe('needs_scopes');
  });
});

describe('Google', () => {
  it.each<[what: string, at: 'token' | 'api', status: number, body: object, state: string]>([
    ['invalid_grant', 'token', 400, { error: 'invalid_grant' }, 'needs_reconsent'],
    [
      'invalid_grant with invalid_rapt',
      'token',
      400,
      { error: 'invalid_grant', error_subtype: 'invalid_rapt' },
      'blocked_by_policy',
    ],
    [
      'admin_policy_enforced',
      'token',
      400,
      { error: 'admin_policy_enforced' },
      'blocked_by_policy',
    ],
    ['503', 'token', 503, {}, 'degraded'],
    [
      'insufficientPermissions',
      'api',
      403,
      { error: { errors: [{ reason: 'insufficientPermissions' }] } },
      'needs_scopes',
    ],
    [
      'domainPolicy',
      'api',
      403,
      { error: { errors: [{ reason: 'domainPolicy' }] } },
      'blocked_by_policy',
    ],
    ['5xx', 'api', 500, {}, 'degraded'],
    [
      'userRateLimitExceeded',
      'api',
      403,
      { error: { errors: [{ reason: 'userRateLimitExceeded' }] } },
      'active',
    ],
    [
      'rateLimitExceeded',
      'api',
      403,
      { error: { errors: [{ reason: 'rateLimitExceeded' }] } },
      'active',
    ],
    ['quotaExceeded', 'api', 403, { error: { errors: [{ reason: 'quotaExceeded' }] } }, 'active'],
    ['429', 'api', 429, {}, 'active'],
  ])('%s at the %s: %#', async (_what, at, status, body, state) => {
    expect(await stateAfter('google', at, { status, body })).toBe(state);
    expect(posts('google')).toBe(at === 'token' ? 1 : 0);
  });

  it('JWT bearer, unauthorized_client: needs_reconsent, and no fault of ours', async () => {
    id = await connectTo(context, 'google', 'application');
    emulators.google.fault({
      path: tokenPaths.google,
      status: 401,
      body: { error: 'unauthorized_client' },
    });
    await renewToken(context, id).catch(() => undefined);
    expect((await standing(database, id)).state).toBe('needs_reconsent');
    expect(await faults()).toEqual([]);
  });

  it('invalid_client is our own fault', async () => {
    const answer = { status: 401, body: { error: 'invalid_client' } };
    expect(await stateAfter('google', 'token', answer)).toBe('active');
    expect(await faults()).toMatchObject([{ provider: 'google' }]);
  });
});

describe('Slack', () => {
  const refused = (error: string, more: object = {}) => ({
    status: 200,
    body: { ok: false, error, ...more },
  });

  it.each<[error: string, at: 'token' | 'api', state: string]>([
    ['token_revoked', 'api', 'needs_reconsent'],
    ['account_inactive', 'api', 'needs_reconsent'],
    ['invalid_auth', 'api', 'needs_reconsent'],
    ['invalid_refresh_token', 'token', 'needs_reconsent'],
    ['missing_scope', 'api', 'needs_scopes'],
    ['org_login_required', 'api', 'degraded'],
    ['ratelimited', 'api', 'active'],
  ])('%s at the %s: %s', async (error, at, state) => {
    expect(await stateAfter('slack', at, refused(error))).toBe(state);
  });

  it('missing_scope of one that had been given: needs_scopes, so that it is asked for again', async () => {
    const answer = refused('missing_scope', { needed: 'channels:join', provided: '' });
    expect(await stateAfter('slack', 'api', answer)).toBe('needs_scopes');
  });

  it('token_expired: the token is renewed and the call made again', async () => {
    id = await connectTo(context, 'slack');
    emulators.slack.clearRequests();
    emulators.slack.fault({ path: apiPaths.slack, times: 1, ...refused('token_expired') });
    await readOnce(context, id);
    expect(posts('slack')).toBe(1);
    expect((await standing(database, id)).state).toBe('active');
  });

  it('bad_client_secret is our own fault', async () => {
    expect(await stateAfter('slack', 'token', refused('bad_client_secret'))).toBe('active');
    expect(await faults()).toEqual([{ provider: 'slack', code: 'bad_client_secret' }]);
  });
});
