import { ProviderError, type ProviderFailure } from '../contract';
import { record } from '../thrown';
import { asProviderError, classifyRefusal, refusalIn } from './errors';

/** For whom a service account speaks: the administrator who was named, or somebody else. */
export type SpeaksFor = 'administrator' | 'person';

type Kind = 'needs_reconsent' | 'not_found' | 'forbidden' | 'app_fault';

interface Rule {
  readonly error: string;
  /** What `error_description` must look like, where one error means several things. */
  readonly description?: RegExp;
  readonly kind: Kind;
  /** Where the same answer about somebody else says nothing about the connection. */
  readonly aboutPerson?: Kind;
  readonly advice?: string;
}

const delegationMissing =
  'Google does not let this service account speak for your people with these permissions. In the ' +
  'Admin console, under Security, API controls, Domain-wide delegation, enter its client id with ' +
  'exactly the list of scopes shown here. Google may need up to a day until it applies.';

const newKey =
  'Google no longer accepts this key: it was deleted or replaced. Create a new key for the service ' +
  'account in Google Cloud and upload its file.';

const accountGone =
  'The service account was switched off or deleted. Switch it on again in Google Cloud, or upload ' +
  'the key of another one.';

const administratorGone =
  'Google does not know the administrator you named, or has suspended them. Name another one.';

export const notAdministrator =
  'The person you named is not an administrator of your organisation at Google, or no longer. Name ' +
  'a super administrator.';

const apiSwitchedOff =
  'An API is switched off in the service account’s project. In Google Cloud, under APIs & Services, ' +
  'switch on the Admin SDK, Gmail, Google Drive and Google Calendar APIs.';

/**
 * What the token endpoint says to a service account, by the first row that fits. It is the tenant's
 * own account: unlike with our client, nothing here is a fault of this installation but a wrong clock.
 * Source: https://developers.google.com/identity/protocols/oauth2/service-account#error-codes
 */
export const tokenRules: readonly Rule[] = [
  { error: 'unauthorized_client', kind: 'needs_reconsent', advice: delegationMissing },
  { error: 'access_denied', kind: 'needs_reconsent', advice: delegationMissing },
  { error: 'invalid_client', kind: 'needs_reconsent', advice: newKey },
  { error: 'deleted_client', kind: 'needs_reconsent', advice: accountGone },
  { error: 'disabled_client', kind: 'needs_reconsent', advice: accountGone },
  {
    error: 'invalid_grant',
    description: /short-lived|reasonable timeframe|\biat\b/i,
    kind: 'app_fault',
  },
  {
    error: 'invalid_grant',
    description: /jwt signature|no valid verifier/i,
    kind: 'needs_reconsent',
    advice: newKey,
  },
  {
    error: 'invalid_grant',
    description: /account not found/i,
    kind: 'needs_reconsent',
    advice: accountGone,
  },
  {
    error: 'invalid_grant',
    description: /valid email|email or user id/i,
    kind: 'needs_reconsent',
    aboutPerson: 'not_found',
    advice: administratorGone,
  },
  {
    error: 'invalid_grant',
    kind: 'needs_reconsent',
    aboutPerson: 'forbidden',
    advice: administratorGone,
  },
];

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** What a refused request for a service account's token means; null when no row says. */
function ruledFailure(status: number, data: unknown, speaksFor: SpeaksFor): ProviderFailure | null {
  const { error, error_description, error_subtype } = record(data);
  // The organisation's own rules (a session that ended, an app not allowed) read as for anybody.
  if (text(error_subtype) || status >= 500 || status === 429) return null;
  const rule = tokenRules.find(
    (one) => one.error === error && (one.description?.test(text(error_description)) ?? true),
  );
  if (!rule) return null;
  const { kind, aboutPerson, advice } = rule;
  if (speaksFor === 'person' && aboutPerson) return { kind: aboutPerson, status, code: rule.error };
  return { kind, status, code: rule.error, ...(advice && { advice }) };
}

/** Turn what a request for a service account's token threw into a `ProviderError`. */
export function asDelegationError(
  operation: string,
  error: unknown,
  speaksFor: SpeaksFor,
): unknown {
  const refusal = refusalIn(error);
  const failure = refusal && ruledFailure(refusal.status, refusal.data, speaksFor);
  return failure
    ? new ProviderError('google', operation, failure)
    : asProviderError(operation, error, 'read');
}

/**
 * What a refused API call means for an organisation's connection, where it is not what it would mean
 * for one person's: null otherwise.
 */
export function delegatedFailure(
  failure: ProviderFailure,
  speaksFor: SpeaksFor,
  path: string,
): ProviderFailure | null {
  const { status, code, kind } = failure;
  // The project is the tenant's own.
  if (kind === 'app_fault')
    return { kind: 'needs_reconsent', status, code, advice: apiSwitchedOff };
  if (speaksFor === 'person') {
    const about = kind === 'token_rejected' || kind === 'blocked_by_policy';
    return about ? { kind: 'forbidden', status, code } : null;
  }
  const directory = kind === 'forbidden' && path.startsWith('/admin/directory/');
  return directory ? { kind: 'needs_reconsent', status, code, advice: notAdministrator } : null;
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.clone().json();
  } catch {
    return null;
  }
}

/** A transport's `fetch`, whose refusals are read as `delegatedFailure` says. */
export function delegatedFetch(send: typeof fetch, speaksFor: SpeaksFor): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init);
    if (response.status !== 401 && response.status !== 403) return response;
    const { status, headers } = response;
    const refusal = classifyRefusal({ status, headers, data: await bodyOf(response) });
    const path = new URL(input instanceof Request ? input.url : input).pathname;
    const failure = delegatedFailure(refusal, speaksFor, path);
    if (!failure) return response;
    await response.body?.cancel();
    throw new ProviderError('google', 'delegation', failure);
  };
}
