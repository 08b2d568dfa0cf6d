import { describe, expect, it } from 'vitest';
import { forgetFaults } from '@/lib/app-faults/gate';
import type { Authority } from '@/lib/providers';
import { testMember } from './testing';
import { signalWorld } from './testing/signals';
import {
  apiPaths,
  connectTo,
  endToken,
  readOnce,
  requestsTo,
  standing,
  tokenPaths,
} from './testing/world';

/** Rows of the table of signals, from what the provider says to the state that comes of it. */
const world = signalWorld();
const { database, emulators, stateAfter, faults, posts } = world;

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
      const id = await connectTo(world.context, 'microsoft');
      await endToken(database, id);
      emulators.microsoft.clearRequests();
      emulators.microsoft.fault({
        path: tokenPaths.microsoft,
        times: 1,
        ...says('unauthorized_client', number),
      });
      await readOnce(world.context, id);
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
    const id = await connectTo(world.context, 'microsoft');
    emulators.microsoft.fault({ path: apiPaths.microsoft, times: 1, ...challenge });
    await readOnce(world.context, id);
    expect((await standing(database, id)).state).toBe('active');
  });

  it('403 of one resource, with the permission in the token: stays', async () => {
    const body = { error: { code: 'ErrorAccessDenied', message: 'no' } };
    expect(await stateAfter('microsoft', 'api', { status: 403, body })).toBe('active');
  });

  it('403 with the permission missing from the token: needs_scopes', async () => {
    const id = await connectTo(
      world.context,
      'microsoft',
      'delegated',
      'MailboxSettings.ReadWrite',
    );
    await readOnce(world.context, id).catch(() => undefined);
    expect((await standing(database, id)).state).toBe('needs_scopes');
  });
});
