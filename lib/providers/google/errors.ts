import { ProviderError, type ProviderFailure, type ProviderFailureKind } from '../contract';
import { asThrownOf, record } from '../thrown';

type SimpleKind = Exclude<ProviderFailureKind, 'throttled' | 'needs_scopes'>;

/**
 * Reasons in the body of a refused API call, before the status decides. Sources:
 * https://developers.google.com/workspace/gmail/api/guides/handle-errors,
 * https://developers.google.com/workspace/drive/api/guides/handle-errors,
 * https://developers.google.com/workspace/calendar/api/guides/errors
 */
const byReason: Readonly<Record<string, SimpleKind | 'throttled' | 'needs_scopes'>> = {
  userRateLimitExceeded: 'throttled',
  rateLimitExceeded: 'throttled',
  quotaExceeded: 'throttled',
  dailyLimitExceeded: 'throttled',
  sharingRateLimitExceeded: 'throttled',
  RATE_LIMIT_EXCEEDED: 'throttled',
  insufficientPermissions: 'needs_scopes',
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: 'needs_scopes',
  domainPolicy: 'blocked_by_policy',
  accessNotConfigured: 'app_fault',
  SERVICE_DISABLED: 'app_fault',
  CONSUMER_INVALID: 'app_fault',
  keyInvalid: 'app_fault',
  backendError: 'temporarily_unavailable',
  internalError: 'temporarily_unavailable',
};

const byStatus: Readonly<Record<number, SimpleKind | 'throttled'>> = {
  401: 'token_rejected',
  403: 'forbidden',
  404: 'not_found',
  408: 'temporarily_unavailable',
  409: 'conflict',
  410: 'not_found',
  412: 'conflict',
  429: 'throttled',
};

/** Errors of the token endpoint (RFC 6749 §5.2, and Google's own beside them). */
const byOAuthError: Readonly<Record<string, SimpleKind | 'throttled'>> = {
  invalid_grant: 'needs_reconsent',
  invalid_token: 'token_rejected',
  invalid_client: 'app_fault',
  unauthorized_client: 'app_fault',
  deleted_client: 'app_fault',
  disabled_client: 'app_fault',
  redirect_uri_mismatch: 'app_fault',
  unsupported_grant_type: 'app_fault',
  invalid_scope: 'app_fault',
  invalid_request: 'app_fault',
  admin_policy_enforced: 'blocked_by_policy',
  org_internal: 'blocked_by_policy',
  access_denied: 'blocked_by_policy',
  temporarily_unavailable: 'temporarily_unavailable',
  rate_limit_exceeded: 'throttled',
  slow_down: 'throttled',
};

/** An `invalid_grant` that a new consent would not cure: the organisation demands something. */
const policyGrant = /invalid_rapt|rapt_required|admin_policy_enforced|account.?restricted/i;

/** Seconds to wait when Google does not say: its per-user quotas refill by the minute. */
const defaultThrottleSeconds = 10;
/** A daily quota comes back within the day; ask again every hour. */
const dailyThrottleSeconds = 3_600;
const longestThrottleSeconds = 86_400;

interface ErrorBody {
  readonly reasons: readonly string[];
  readonly oauthError: string | null;
  readonly text: string;
}

/** An answer that was not 2xx, as much of it as decides. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
}

function reasonsIn(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.map((item) => record(item).reason).filter((reason) => typeof reason === 'string');
}

function readBody(data: unknown): ErrorBody {
  const body = record(data);
  if (typeof body.error === 'string') {
    const text = [body.error_subtype, body.error_description].filter(Boolean).join(' ');
    return { reasons: [], oauthError: body.error, text };
  }
  const error = record(body.error);
  const reasons = [...reasonsIn(error.errors), ...reasonsIn(error.details)];
  if (typeof error.status === 'string') reasons.push(error.status);
  const text = typeof error.message === 'string' ? error.message : '';
  return { reasons, oauthError: null, text };
}

/**
 * How long Google asks us to wait, in whole seconds: the Retry-After header as seconds or date
 * (RFC 9110 §10.2.3), or Gmail's "Retry after <time>" in the message.
 */
function retryAfter(headers: Headers, text: string, now: number): number | null {
  const header = headers.get('retry-after')?.trim();
  if (header && /^\d+$/.test(header)) return clampWait(Number(header));
  const at = Date.parse(header ?? /retry after (\S+)/i.exec(text)?.[1] ?? '');
  return Number.isNaN(at) ? null : clampWait(Math.ceil((at - now) / 1_000));
}

/** Google names them in its challenge (RFC 6750 §3). */
function acceptedScopes(headers: Headers): readonly string[] {
  const challenge = headers.get('www-authenticate') ?? '';
  return /\bscope="([^"]+)"/.exec(challenge)?.[1]?.split(' ') ?? [];
}

function clampWait(seconds: number): number {
  return Math.min(Math.max(seconds, 1), longestThrottleSeconds);
}

/**
 * The class of an answer that was not 2xx.
 * @param now milliseconds since the epoch, for a Retry-After that is a date
 */
export function classifyRefusal(refusal: Refusal, now = Date.now()): ProviderFailure {
  const { status, headers, data } = refusal;
  const body = readBody(data);
  const reason = body.reasons.find((candidate) => candidate in byReason);
  const code = body.oauthError ?? reason ?? body.reasons[0] ?? null;
  const kind = kindOf(status, body, reason);
  const wait = retryAfter(headers, body.text, now);
  switch (kind) {
    case 'throttled': {
      const usual = code === 'dailyLimitExceeded' ? dailyThrottleSeconds : defaultThrottleSeconds;
      return { kind, status, code, retryAfterSeconds: wait ?? usual };
    }
    case 'temporarily_unavailable':
      return { kind, status, code, retryAfterSeconds: wait };
    case 'needs_scopes':
      return { kind, status, code, missing: acceptedScopes(headers) };
    default:
      return { kind, status, code };
  }
}

function kindOf(
  status: number,
  body: ErrorBody,
  reason: string | undefined,
): SimpleKind | 'throttled' | 'needs_scopes' {
  if (status >= 500) return 'temporarily_unavailable';
  // We are sent on, and do not go: no API of theirs answers so.
  if (status < 400) return 'invalid_response';
  // Whatever else the body says: nobody has looked at what was asked.
  if (status === 429) return 'throttled';
  if (body.oauthError === 'invalid_grant' && policyGrant.test(body.text)) {
    return 'blocked_by_policy';
  }
  // The userinfo endpoint words a dead token so; only as a 400 is it a request of ours gone wrong.
  if (status === 401 && body.oauthError === 'invalid_request') return 'token_rejected';
  const known = body.oauthError ? byOAuthError[body.oauthError] : reason && byReason[reason];
  return known || (byStatus[status] ?? 'invalid_request');
}

export function refusalIn(error: unknown): Refusal | null {
  const response = record(record(error).response);
  return typeof response.status === 'number' && response.headers instanceof Headers
    ? { status: response.status, headers: response.headers, data: response.data }
    : null;
}

/**
 * Turn what a Google library threw into a `ProviderError`. Errors that are not about the provider
 * (a cancelled run, a spent budget, a bug) are handed back as they were thrown.
 * @param effect `write` when the call may have changed something although it failed
 */
export function asProviderError(
  operation: string,
  error: unknown,
  effect: 'read' | 'write',
): unknown {
  const write = effect === 'write';
  return asThrownOf({ provider: 'google', operation, write }, error, () => {
    const refusal = refusalIn(error);
    if (!refusal) return null;
    const failure = classifyRefusal(refusal);
    return new ProviderError('google', operation, failure, write && refusal.status >= 500);
  });
}

/** Words for the `error` that Google puts on the redirect back from its consent page. */
export function explainConsentRefusal(error: string): string {
  switch (error) {
    case 'access_denied':
      return 'Access was not granted on Google’s page. Nothing has changed.';
    case 'admin_policy_enforced':
      return 'Your Google Workspace administrator does not allow this app. Ask them to allow it.';
    case 'org_internal':
      return 'This Google client only accepts accounts of its own organisation.';
    default:
      return 'Google did not complete the consent. Please try again.';
  }
}
