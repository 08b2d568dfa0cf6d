import { describe, expect, it } from 'vitest';
import type { ProviderFailureKind } from '../contract';
import { asProviderError, classifyRefusal, explainConsentRefusal, refusalError } from './errors';

const refused = (error: string, more: object = {}) => ({ ok: false, error, ...more });

/** What Slack says with HTTP 200, and what it means: every Slack row of the signal table first. */
const rows: [error: string, kind: ProviderFailureKind][] = [
  ['token_expired', 'token_rejected'],
  ['token_revoked', 'needs_reconsent'],
  ['account_inactive', 'needs_reconsent'],
  ['invalid_auth', 'needs_reconsent'],
  ['invalid_refresh_token', 'needs_reconsent'],
  ['missing_scope', 'needs_scopes'],
  ['org_login_required', 'temporarily_unavailable'],
  ['team_added_to_org', 'temporarily_unavailable'],
  ['ratelimited', 'throttled'],
  ['rate_limited', 'throttled'],
  ['invalid_client_id', 'app_fault'],
  ['bad_client_secret', 'app_fault'],
  ['bad_redirect_uri', 'app_fault'],
  ['token_rotation_not_enabled', 'app_fault'],
  ['team_access_not_granted', 'blocked_by_policy'],
  ['ekm_access_denied', 'blocked_by_policy'],
  ['accesslimited', 'blocked_by_policy'],
  ['restricted_action', 'forbidden'],
  ['restricted_action_read_only_channel', 'forbidden'],
  ['restricted_action_non_threadable_channel', 'forbidden'],
  ['no_permission', 'forbidden'],
  ['not_in_channel', 'forbidden'],
  ['is_archived', 'forbidden'],
  ['channel_not_found', 'not_found'],
  ['user_not_found', 'not_found'],
  ['name_taken', 'conflict'],
  ['already_archived', 'conflict'],
  ['already_in_channel', 'conflict'],
  ['invalid_code', 'needs_reconsent'],
  ['internal_error', 'temporarily_unavailable'],
  ['fatal_error', 'temporarily_unavailable'],
  ['msg_too_long', 'invalid_request'],
  ['something_unheard_of', 'invalid_request'],
];

describe('HTTP 200 with', () => {
  it.each(rows)('%s is %s', (error, kind) => {
    const { failure } = classifyRefusal({
      status: 200,
      headers: new Headers(),
      data: refused(error),
    });
    expect(failure).toMatchObject({ kind, code: error, status: 200 });
  });

  it.each([
    ['no JSON', null],
    ['neither ok nor an error', { messages: [] }],
    ['an error that is a page', refused('<html>Sign in</html>')],
    ['an error that is no text', { ok: false, error: { code: 1 } }],
  ])('%s is an answer that makes no sense', (_name, data) => {
    const { failure } = classifyRefusal({ status: 200, headers: new Headers(), data });
    expect(failure).toMatchObject({ kind: 'invalid_response', code: null });
  });
});

it.each([
  [429, 'throttled'],
  [408, 'temporarily_unavailable'],
  [500, 'temporarily_unavailable'],
  [503, 'temporarily_unavailable'],
  [404, 'invalid_request'],
] as const)('HTTP %i without a word is %s', (status, kind) => {
  const { failure } = classifyRefusal({ status, headers: new Headers(), data: null });
  expect(failure).toMatchObject({ kind, status });
});

it('missing_scope says which are needed', () => {
  const data = refused('missing_scope', {
    needed: 'channels:manage,channels:write',
    provided: 'x',
  });
  const { failure } = classifyRefusal({ status: 200, headers: new Headers(), data });
  expect(failure).toMatchObject({ missing: ['channels:manage', 'channels:write'] });
});

describe('how long to wait', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  it.each([
    ['seconds', '17', 17],
    ['a date', 'Sat, 21 Nov 2026 12:00:42 GMT', 42],
    ['a date already past', 'Sat, 21 Nov 2026 11:00:00 GMT', 1],
    ['zero', '0', 1],
    ['a week', '604800', 86_400],
    ['nonsense', 'soon', 30],
    ['nothing', null, 30],
  ])('is read from %s', (_name, header, seconds) => {
    const headers = new Headers(header === null ? {} : { 'retry-after': header });
    const { failure } = classifyRefusal({ status: 429, headers, data: null }, now);
    expect(failure).toMatchObject({ kind: 'throttled', retryAfterSeconds: seconds });
  });
});

describe('whether a write took effect', () => {
  const headers = new Headers();
  it.each([
    ['is unclear when Slack failed inside', 200, refused('fatal_error'), true],
    ['is unclear when Slack’s front answered', 502, null, true],
    ['is unclear when the answer is no answer', 200, null, true],
    ['is clear when Slack refused', 200, refused('channel_not_found'), false],
    ['is clear when Slack throttled', 429, refused('ratelimited'), false],
  ])('%s', (_name, status, data, ambiguous) => {
    const refusal = { status, headers, data };
    expect(refusalError('chat.postMessage', refusal, 'write').ambiguous).toBe(ambiguous);
    expect(refusalError('users.list', refusal, 'read').ambiguous).toBe(false);
  });
});

describe('what is thrown below HTTP', () => {
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

  it('is a provider out of reach, and ambiguous for a write', () => {
    const lost = new Error('failed', { cause: new TypeError('fetch failed', { cause: reset }) });
    expect(asProviderError('chat.postMessage', lost, 'write')).toMatchObject({
      kind: 'temporarily_unavailable',
      failure: { status: null, code: 'ECONNRESET' },
      ambiguous: true,
    });
  });

  it('is handed back when it is not about the provider', () => {
    class RunCancelled extends Error {}
    const cancelled = new RunCancelled('cancelled');
    const wrapped = new Error('failed', { cause: cancelled });
    expect(asProviderError('users.list', wrapped, 'read')).toBe(cancelled);
  });
});

it('a refusal on the consent page is told in plain words', () => {
  expect(explainConsentRefusal('access_denied')).toContain('not granted');
  expect(explainConsentRefusal('<script>')).not.toContain('<');
});
