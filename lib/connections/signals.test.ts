import { describe, expect, it } from 'vitest';
import { renewToken } from './client';
import { signalWorld } from './testing/signals';
import { apiPaths, connectTo, readOnce, standing, tokenPaths } from './testing/world';

/** Rows of the table of signals, from what the provider says to the state that comes of it. */
const world = signalWorld();
const { database, emulators, stateAfter, faults, posts } = world;

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
    const id = await connectTo(world.context, 'google', 'application');
    emulators.google.fault({
      path: tokenPaths.google,
      status: 401,
      body: { error: 'unauthorized_client' },
    });
    await renewToken(world.context, id).catch(() => undefined);
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
    const id = await connectTo(world.context, 'slack');
    emulators.slack.clearRequests();
    emulators.slack.fault({ path: apiPaths.slack, times: 1, ...refused('token_expired') });
    await readOnce(world.context, id);
    expect(posts('slack')).toBe(1);
    expect((await standing(database, id)).state).toBe('active');
  });

  it('bad_client_secret is our own fault', async () => {
    expect(await stateAfter('slack', 'token', refused('bad_client_secret'))).toBe('active');
    expect(await faults()).toEqual([{ provider: 'slack', code: 'bad_client_secret' }]);
  });
});
