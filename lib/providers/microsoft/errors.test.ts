import { describe, expect, it } from 'vitest';
import type { Authority, ProviderFailureKind } from '../contract';
import { type CallFacts, classifyRefusal, throttleShare } from './errors';
import { asksForAdministrator, explainConsentRefusal } from './refusals';

const oauth = (error: string, number: number, suberror?: string) => ({
  error,
  error_description: `AADSTS${number}: words. Trace ID: 1`,
  error_codes: [number],
  ...(suberror && { suberror }),
});
const graph = (code: string, message = 'refused', inner?: string) => ({
  error: { code, message, innerError: { ...(inner && { code: inner }), 'request-id': '1' } },
});
const facts = (over: Partial<CallFacts> = {}): CallFacts => ({
  authority: 'delegated',
  takes: [],
  carried: null,
  ...over,
});
const classify = (status: number, data: unknown, headers = {}, over: Partial<CallFacts> = {}) =>
  classifyRefusal({ status, headers: new Headers(headers), data }, facts(over), 0);

const grantErrors: [error: string, number: number, kind: ProviderFailureKind, suberror?: string][] =
  [
    ['invalid_grant', 65001, 'needs_reconsent', 'consent_required'],
    ['access_denied', 65004, 'needs_reconsent'],
    ['access_denied', 90094, 'needs_reconsent'],
    ['invalid_client', 650056, 'needs_reconsent'],
    ['invalid_resource', 500011, 'needs_reconsent'],
    ['unauthorized_client', 700016, 'needs_reconsent'],
    ['invalid_grant', 50173, 'needs_reconsent', 'bad_token'],
    ['invalid_grant', 70000, 'needs_reconsent'],
    ['invalid_grant', 70008, 'needs_reconsent'],
    ['invalid_grant', 700082, 'needs_reconsent', 'bad_token'],
    ['invalid_grant', 70043, 'needs_reconsent', 'bad_token'],
    ['interaction_required', 50076, 'needs_reconsent', 'basic_action'],
    ['interaction_required', 50079, 'needs_reconsent', 'additional_action'],
    ['invalid_grant', 53003, 'blocked_by_policy', 'message_only'],
    ['invalid_grant', 530032, 'blocked_by_policy'],
    ['access_denied', 500021, 'blocked_by_policy'],
    ['unauthorized_client', 7000112, 'blocked_by_policy'],
    ['invalid_client', 7000215, 'app_fault'],
    ['invalid_client', 7000222, 'app_fault'],
    ['invalid_client', 700027, 'app_fault'],
    ['temporarily_unavailable', 90006, 'temporarily_unavailable'],
    ['temporarily_unavailable', 90033, 'temporarily_unavailable'],
    ['invalid_client', 7000229, 'needs_reconsent'],
    ['unauthorized_client', 70001, 'needs_reconsent'],
    ['invalid_request', 90099, 'needs_reconsent'],
    ['invalid_client', 650052, 'needs_reconsent'],
    // Numbers that nobody wrote down: the standard error decides.
    ['invalid_grant', 999999, 'needs_reconsent'],
    ['invalid_grant', 999999, 'blocked_by_policy', 'protection_policy_required'],
    ['invalid_client', 999999, 'blocked_by_policy'],
    ['server_error', 999999, 'temporarily_unavailable'],
    ['something_new', 999999, 'invalid_request'],
  ];

describe('the token endpoint', () => {
  it.each(grantErrors)('%s with AADSTS%i is %s', (error, number, kind, suberror) => {
    expect(classify(400, oauth(error, number, suberror))).toMatchObject({
      kind,
      code: `AADSTS${number}`,
    });
  });

  it('says what somebody can do about it, where that is more than usual', () => {
    const words = (number: number) => classify(400, oauth('invalid_grant', number)).advice;
    expect(words(50173)).toMatch(/password was changed/);
    expect(words(53003)).toMatch(/Conditional Access/);
    expect(words(999999)).toBeUndefined();
  });

  it.each([
    ['unauthorized_client', 7000112],
    ['invalid_client', 999999],
    ['unauthorized_client', 999999],
    ['invalid_request', 999999],
    ['invalid_scope', 999999],
    ['unsupported_grant_type', 999999],
  ])('%s with AADSTS%i may be theirs or ours, which only others can tell', (error, number) => {
    const failure = classify(400, oauth(error, number));
    expect(failure).toMatchObject({ kind: 'blocked_by_policy', doubtful: true });
    expect(failure.advice).toEqual(expect.any(String));
  });

  it('has no doubt of a rule that is the organisation’s own', () => {
    expect(classify(400, oauth('invalid_grant', 53003))).not.toHaveProperty('doubtful');
  });

  it('finds the number in the description where the list is missing', () => {
    const { error_codes: _, ...body } = oauth('invalid_grant', 53003);
    expect(classify(400, body).kind).toBe('blocked_by_policy');
  });

  it('tells our own expired secret from an outage by its number', () => {
    expect(classify(401, oauth('invalid_client', 7000222)).kind).toBe('app_fault');
    expect(classify(503, oauth('temporarily_unavailable', 90033)).kind).toBe(
      'temporarily_unavailable',
    );
    expect(classify(500, null).kind).toBe('temporarily_unavailable');
  });
});

const challenge = {
  'www-authenticate': 'Bearer realm="", error="insufficient_claims", claims="e30="',
};

describe('a refused call', () => {
  it.each<[number, unknown, ProviderFailureKind, string | null]>([
    [401, graph('InvalidAuthenticationToken'), 'token_rejected', 'InvalidAuthenticationToken'],
    [403, graph('ErrorAccessDenied'), 'forbidden', 'ErrorAccessDenied'],
    [404, graph('ErrorItemNotFound'), 'not_found', 'ErrorItemNotFound'],
    [404, graph('MailboxNotEnabledForRESTAPI'), 'not_found', 'MailboxNotEnabledForRESTAPI'],
    [409, graph('nameAlreadyExists'), 'conflict', 'nameAlreadyExists'],
    [412, graph('ErrorIrresolvableConflict'), 'conflict', 'ErrorIrresolvableConflict'],
    [410, graph('syncStateNotFound'), 'not_found', 'syncStateNotFound'],
    [429, graph('TooManyRequests'), 'throttled', 'TooManyRequests'],
    [429, graph('UnknownError', '', 'activityLimitReached'), 'throttled', 'activityLimitReached'],
    [503, graph('serviceNotAvailable'), 'temporarily_unavailable', 'serviceNotAvailable'],
    [500, '<html>', 'temporarily_unavailable', null],
    [400, graph('BadRequest'), 'invalid_request', 'BadRequest'],
    [
      401,
      graph('Authorization_IdentityNotFound'),
      'needs_reconsent',
      'Authorization_IdentityNotFound',
    ],
  ])('%i %j is %s', (status, data, kind, code) => {
    expect(classify(status, data)).toMatchObject({ kind, code, status });
  });

  it.each<[Authority, ProviderFailureKind]>([
    ['delegated', 'needs_reconsent'],
    ['application', 'blocked_by_policy'],
  ])('that still lacks claims is, %s, %s', (authority, kind) => {
    const body = graph('InvalidAuthenticationToken');
    expect(classify(401, body, challenge, { authority }).kind).toBe(kind);
  });

  it.each<[readonly string[], ProviderFailureKind]>([
    [['User.Read'], 'needs_scopes'],
    [['Calendars.ReadWrite'], 'forbidden'],
    [['Calendars.Read'], 'forbidden'],
  ])('403 with a token that carries %j is %s', (carried, kind) => {
    const over = { takes: ['Calendars.Read'], carried };
    expect(classify(403, graph('ErrorAccessDenied'), {}, over).kind).toBe(kind);
  });

  it('names the permissions that would have done', () => {
    const over = { takes: ['Mail.Send'], carried: ['User.Read'] };
    expect(classify(403, graph('ErrorAccessDenied'), {}, over)).toMatchObject({
      missing: ['Mail.Send'],
    });
    const teams = graph(
      'Forbidden',
      "Missing scope permissions on the request. API requires one of 'A.B, C.D'. Scopes on the request 'E.F'",
    );
    expect(classify(403, teams)).toMatchObject({ kind: 'needs_scopes', missing: ['A.B', 'C.D'] });
  });
});

describe('a throttle', () => {
  const wait = (headers: Record<string, string>) =>
    classify(429, graph('TooManyRequests'), headers) as { retryAfterSeconds?: number };

  it.each<[Record<string, string>, number]>([
    [{ 'retry-after': '17' }, 17],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:40 GMT' }, 40],
    [{ 'retry-after': '0' }, 1],
    [{}, 10],
    [{ 'x-ms-throttle-limit-percentage': '1.8' }, 18],
    [{ 'retry-after': '3', 'x-ms-throttle-limit-percentage': '1.8' }, 3],
  ])('%j waits %i seconds', (headers, seconds) => {
    expect(wait(headers).retryAfterSeconds).toBe(seconds);
  });

  it('tells the share of the limit in use', () => {
    expect(throttleShare(new Headers({ 'x-ms-throttle-limit-percentage': '0.8' }))).toBe(0.8);
    expect(throttleShare(new Headers())).toBeNull();
  });
});

describe('a refusal on the consent page', () => {
  it.each<[string, string | null, boolean, RegExp]>([
    ['access_denied', 'AADSTS65004: declined', false, /not granted/],
    ['access_denied', 'AADSTS90094: admin consent', true, /only its administrators/],
    ['consent_required', 'AADSTS65004: declined', false, /not granted/],
    ['consent_required', null, true, /only its administrators/],
    ['access_denied', 'AADSTS53003: blocked', false, /rule of your organisation/],
    ['server_error', null, false, /try again/],
  ])('%s, %s', (error, description, administrator, words) => {
    expect(asksForAdministrator(error, description)).toBe(administrator);
    expect(explainConsentRefusal(error, description)).toMatch(words);
  });
});
