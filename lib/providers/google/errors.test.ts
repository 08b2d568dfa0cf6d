import { describe, expect, it } from 'vitest';
import type { ProviderFailureKind } from '../contract';
import { asProviderError, classifyRefusal, explainConsentRefusal } from './errors';

const api = (code: number, reason: string, message = 'refused', status?: string) => ({
  error: {
    code,
    message,
    errors: [{ message, domain: 'global', reason }],
    ...(status && { status }),
  },
});
const oauth = (error: string, error_description = '', error_subtype?: string) => ({
  error,
  error_description,
  ...(error_subtype && { error_subtype }),
});
const scopeDetail = {
  error: {
    code: 403,
    message: 'Request had insufficient authentication scopes.',
    status: 'PERMISSION_DENIED',
    details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }],
  },
};

const rows: [status: number, body: unknown, kind: ProviderFailureKind, code: string | null][] = [
  [
    400,
    oauth('invalid_grant', 'Token has been expired or revoked.'),
    'needs_reconsent',
    'invalid_grant',
  ],
  [
    400,
    oauth('invalid_grant', 'Bad Request', 'invalid_rapt'),
    'blocked_by_policy',
    'invalid_grant',
  ],
  [
    400,
    oauth('invalid_grant', 'reauth related error (rapt_required)'),
    'blocked_by_policy',
    'invalid_grant',
  ],
  [400, oauth('invalid_grant', 'Account restricted'), 'blocked_by_policy', 'invalid_grant'],
  [400, oauth('admin_policy_enforced'), 'blocked_by_policy', 'admin_policy_enforced'],
  [403, oauth('access_denied', 'Account restricted'), 'blocked_by_policy', 'access_denied'],
  [403, oauth('org_internal'), 'blocked_by_policy', 'org_internal'],
  [401, oauth('invalid_client', 'The OAuth client was not found.'), 'app_fault', 'invalid_client'],
  [401, oauth('unauthorized_client'), 'app_fault', 'unauthorized_client'],
  [401, oauth('deleted_client'), 'app_fault', 'deleted_client'],
  [400, oauth('redirect_uri_mismatch'), 'app_fault', 'redirect_uri_mismatch'],
  [400, oauth('invalid_request'), 'app_fault', 'invalid_request'],
  [401, oauth('invalid_request', 'Invalid Credentials'), 'token_rejected', 'invalid_request'],
  [400, oauth('invalid_scope'), 'app_fault', 'invalid_scope'],
  [400, oauth('unsupported_grant_type'), 'app_fault', 'unsupported_grant_type'],
  [503, oauth('temporarily_unavailable'), 'temporarily_unavailable', 'temporarily_unavailable'],
  [500, oauth('internal_failure'), 'temporarily_unavailable', 'internal_failure'],
  [403, api(403, 'userRateLimitExceeded'), 'throttled', 'userRateLimitExceeded'],
  [403, api(403, 'rateLimitExceeded'), 'throttled', 'rateLimitExceeded'],
  [403, api(403, 'quotaExceeded'), 'throttled', 'quotaExceeded'],
  [403, api(403, 'dailyLimitExceeded'), 'throttled', 'dailyLimitExceeded'],
  [403, api(403, 'sharingRateLimitExceeded'), 'throttled', 'sharingRateLimitExceeded'],
  [429, api(429, 'rateLimitExceeded'), 'throttled', 'rateLimitExceeded'],
  [429, 'slow down', 'throttled', null],
  [403, api(403, 'insufficientPermissions'), 'needs_scopes', 'insufficientPermissions'],
  [403, scopeDetail, 'needs_scopes', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'],
  [403, api(403, 'domainPolicy'), 'blocked_by_policy', 'domainPolicy'],
  [403, api(403, 'accessNotConfigured'), 'app_fault', 'accessNotConfigured'],
  [403, api(403, 'insufficientFilePermissions'), 'forbidden', 'insufficientFilePermissions'],
  [403, api(403, 'requiredAccessLevel'), 'forbidden', 'requiredAccessLevel'],
  [403, '<html>no</html>', 'forbidden', null],
  [
    401,
    api(401, 'authError', 'Invalid Credentials', 'UNAUTHENTICATED'),
    'token_rejected',
    'authError',
  ],
  [404, api(404, 'notFound'), 'not_found', 'notFound'],
  [410, api(410, 'deleted'), 'not_found', 'deleted'],
  [409, api(409, 'duplicate'), 'conflict', 'duplicate'],
  [412, api(412, 'conditionNotMet'), 'conflict', 'conditionNotMet'],
  [400, api(400, 'invalidArgument'), 'invalid_request', 'invalidArgument'],
  [413, '', 'invalid_request', null],
  [408, '', 'temporarily_unavailable', null],
  [500, api(500, 'backendError'), 'temporarily_unavailable', 'backendError'],
  [502, '<html>Bad gateway</html>', 'temporarily_unavailable', null],
  [503, null, 'temporarily_unavailable', null],
  [418, { unheard: 'of' }, 'invalid_request', null],
];

const label = (body: unknown) => JSON.stringify(body).slice(0, 90);

describe('an answer that is not 2xx', () => {
  it.each(rows.map((row) => [row[0], label(row[1]), row[2], row] as const))(
    '%i %s is %s',
    (_status, _label, _kind, [status, data, kind, code]) => {
      const failure = classifyRefusal({ status, data, headers: new Headers() });
      expect(failure).toMatchObject({ kind, code, status });
    },
  );
});

describe('how long to wait', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  const wait = (headers: Record<string, string>, data: unknown) =>
    classifyRefusal({ status: 429, data, headers: new Headers(headers) }, now);
  const message = 'User-rate limit exceeded.  Retry after 2026-11-21T12:01:30.000Z';

  it.each([
    ['seconds in the header', { 'retry-after': '17' }, null, 17],
    ['a date in the header', { 'retry-after': 'Sat, 21 Nov 2026 12:00:42 GMT' }, null, 42],
    ['a date already past', { 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, null, 1],
    ['zero seconds', { 'retry-after': '0' }, null, 1],
    ['a week', { 'retry-after': '604800' }, null, 86_400],
    ['a moment in the message', {}, api(429, 'userRateLimitExceeded', message), 90],
    ['nothing', {}, api(429, 'rateLimitExceeded'), 10],
    ['nothing for a daily limit', {}, api(403, 'dailyLimitExceeded'), 3_600],
    ['nonsense', { 'retry-after': 'soon' }, null, 10],
  ])('is read from %s', (_name, headers, data, seconds) => {
    expect(wait(headers, data)).toMatchObject({ kind: 'throttled', retryAfterSeconds: seconds });
  });
});

describe('what is thrown below HTTP', () => {
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

  it('is a provider out of reach, and ambiguous for a write', () => {
    const lost = new TypeError('fetch failed', { cause: reset });
    expect(asProviderError('gmail.messages.send', lost, 'write')).toMatchObject({
      kind: 'temporarily_unavailable',
      failure: { status: null, code: 'ECONNRESET' },
      ambiguous: true,
    });
  });

  it('is not ambiguous for a read', () => {
    const lost = new TypeError('fetch failed', { cause: reset });
    expect(asProviderError('gmail.labels.list', lost, 'read')).toMatchObject({ ambiguous: false });
  });

  it('is handed back when it is not about the provider', () => {
    class RunCancelled extends Error {}
    const cancelled = new RunCancelled('cancelled');
    const wrapped = new Error('cancelled', { cause: cancelled });
    expect(asProviderError('gmail.labels.list', wrapped, 'read')).toBe(cancelled);
  });

  it('keeps the error of the token that could not be had', () => {
    const refresh = asProviderError('oauth.refresh', new TypeError('fetch failed'), 'read');
    const wrapped = new Error('request failed', { cause: refresh });
    expect(asProviderError('gmail.labels.list', wrapped, 'read')).toBe(refresh);
  });
});

it('a refusal on the consent page is told in plain words', () => {
  expect(explainConsentRefusal('access_denied')).toContain('not granted');
  expect(explainConsentRefusal('admin_policy_enforced')).toContain('administrator');
  expect(explainConsentRefusal('<script>')).not.toContain('<');
});
