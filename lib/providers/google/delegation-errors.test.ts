import { describe, expect, it } from 'vitest';
import type { ProviderFailure } from '../contract';
import { asDelegationError, delegatedFailure, delegatedFetch } from './delegation-errors';

/** As the library throws it. */
function refused(status: number, data: unknown): Error {
  const response = { status, headers: new Headers(), data };
  return Object.assign(new Error('refused'), { response });
}

type Row = readonly [
  error: string,
  description: string,
  administrator: string,
  person: string,
  words: string | null,
];

/** https://developers.google.com/identity/protocols/oauth2/service-account#error-codes */
const rows: readonly Row[] = [
  [
    'unauthorized_client',
    'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
    'needs_reconsent',
    'needs_reconsent',
    'Domain-wide delegation',
  ],
  [
    'unauthorized_client',
    'Unauthorized client or scope in request.',
    'needs_reconsent',
    'needs_reconsent',
    'Domain-wide delegation',
  ],
  ['access_denied', 'any', 'needs_reconsent', 'needs_reconsent', 'Domain-wide delegation'],
  ['invalid_client', 'any', 'needs_reconsent', 'needs_reconsent', 'new key'],
  ['deleted_client', '', 'needs_reconsent', 'needs_reconsent', 'deleted'],
  [
    'disabled_client',
    'The OAuth client was disabled.',
    'needs_reconsent',
    'needs_reconsent',
    'Switch it on',
  ],
  ['invalid_grant', 'Invalid JWT Signature.', 'needs_reconsent', 'needs_reconsent', 'new key'],
  [
    'invalid_grant',
    'Invalid grant: account not found',
    'needs_reconsent',
    'needs_reconsent',
    'deleted',
  ],
  ['invalid_grant', 'Not a valid email.', 'needs_reconsent', 'not_found', 'administrator'],
  ['invalid_grant', 'Invalid email or User ID', 'needs_reconsent', 'not_found', 'administrator'],
  ['invalid_grant', 'Something else', 'needs_reconsent', 'forbidden', 'administrator'],
  [
    'invalid_grant',
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.',
    'app_fault',
    'app_fault',
    null,
  ],
  ['admin_policy_enforced', '', 'blocked_by_policy', 'blocked_by_policy', null],
  ['org_internal', '', 'blocked_by_policy', 'blocked_by_policy', null],
  ['invalid_scope', 'Empty or missing scope not allowed.', 'app_fault', 'app_fault', null],
];

describe('a service account that asks for a token and hears', () => {
  it.each(rows)('%s: %s', (error, error_description, administrator, person, words) => {
    const thrown = refused(400, { error, error_description });
    const own = asDelegationError('oauth', thrown, 'administrator');
    expect(own).toMatchObject({ kind: administrator, failure: { code: error, status: 400 } });
    if (words) expect(own).toHaveProperty('publicMessage', expect.stringContaining(words));
    expect(asDelegationError('oauth', thrown, 'person')).toMatchObject({ kind: person });
  });

  it('a session rule of the organisation, is blocked by it', () => {
    const data = { error: 'invalid_grant', error_subtype: 'invalid_rapt', error_description: 'x' };
    expect(asDelegationError('oauth', refused(400, data), 'administrator')).toMatchObject({
      kind: 'blocked_by_policy',
    });
  });

  it.each([
    [503, 'temporarily_unavailable'],
    [429, 'throttled'],
  ])('%s, keeps what it has, whatever the body says', (status, kind) => {
    const thrown = refused(status, { error: 'unauthorized_client' });
    expect(asDelegationError('oauth', thrown, 'administrator')).toMatchObject({ kind });
  });
});

const failure = (kind: ProviderFailure['kind'], code: string | null = null) =>
  ({ kind, status: 403, code }) as ProviderFailure;

describe('a call of an organisation’s connection that is refused', () => {
  it.each([
    ['app_fault', 'administrator', '/gmail/v1/users/me/profile', 'needs_reconsent'],
    ['app_fault', 'person', '/gmail/v1/users/me/profile', 'needs_reconsent'],
    ['forbidden', 'administrator', '/admin/directory/v1/users', 'needs_reconsent'],
    ['token_rejected', 'person', '/gmail/v1/users/me/labels', 'forbidden'],
    ['blocked_by_policy', 'person', '/drive/v3/files/root', 'forbidden'],
  ] as const)('as %s, for the %s, at %s is %s', (kind, speaksFor, path, becomes) => {
    expect(delegatedFailure(failure(kind), speaksFor, path)).toMatchObject({ kind: becomes });
  });

  it.each([
    ['forbidden', 'administrator', '/drive/v3/drives'],
    ['token_rejected', 'administrator', '/admin/directory/v1/users'],
    ['blocked_by_policy', 'administrator', '/drive/v3/drives'],
    ['throttled', 'person', '/gmail/v1/users/me/labels'],
    ['needs_scopes', 'person', '/gmail/v1/users/me/labels'],
    ['forbidden', 'person', '/calendar/v3/calendars/x/events'],
  ] as const)('as %s, for the %s, at %s stays what it is', (kind, speaksFor, path) => {
    expect(delegatedFailure(failure(kind), speaksFor, path)).toBeNull();
  });

  it('is handed on untouched where it means the same, body and all', async () => {
    const body = { error: { code: 403, errors: [{ reason: 'userRateLimitExceeded' }] } };
    const send = delegatedFetch(async () => Response.json(body, { status: 403 }), 'person');
    const response = await send('https://gmail.googleapis.com/gmail/v1/users/me/labels');
    expect(await response.json()).toEqual(body);
  });

  it('with a page in place of JSON is judged by its status', async () => {
    const send = delegatedFetch(async () => new Response('<html>', { status: 401 }), 'person');
    await expect(send('https://gmail.googleapis.com/gmail/v1/x')).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });
});
