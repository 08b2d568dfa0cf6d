import { ProviderError, type ProviderFailure, type ProviderFailureKind } from '../contract';
import { asThrownOf, record } from '../thrown';

/**
 * What an `error` in Slack's answer means. Every method lists its own:
 * https://docs.slack.dev/reference/methods. What is not here is `invalid_request`.
 */
const byError: Readonly<Record<string, ProviderFailureKind>> = {
  token_expired: 'token_rejected',

  token_revoked: 'needs_reconsent',
  account_inactive: 'needs_reconsent',
  invalid_auth: 'needs_reconsent',
  invalid_refresh_token: 'needs_reconsent',
  authorization_not_found: 'needs_reconsent',
  invalid_code: 'needs_reconsent',
  code_expired: 'needs_reconsent',
  code_already_used: 'needs_reconsent',

  missing_scope: 'needs_scopes',

  accesslimited: 'blocked_by_policy',
  ekm_access_denied: 'blocked_by_policy',
  team_access_not_granted: 'blocked_by_policy',
  two_factor_setup_required: 'blocked_by_policy',

  invalid_client_id: 'app_fault',
  bad_client_secret: 'app_fault',
  bad_redirect_uri: 'app_fault',
  invalid_grant_type: 'app_fault',
  invalid_app_id: 'app_fault',
  oauth_authorization_url_mismatch: 'app_fault',
  token_rotation_not_enabled: 'app_fault',
  deprecated_endpoint: 'app_fault',
  method_deprecated: 'app_fault',

  // The workspace is being moved into an Enterprise organisation.
  org_login_required: 'temporarily_unavailable',
  team_added_to_org: 'temporarily_unavailable',
  service_unavailable: 'temporarily_unavailable',
  fatal_error: 'temporarily_unavailable',
  internal_error: 'temporarily_unavailable',
  request_timeout: 'temporarily_unavailable',

  ratelimited: 'throttled',
  rate_limited: 'throttled',

  // One channel or person is out of reach; the connection is fine.
  access_denied: 'forbidden',
  no_permission: 'forbidden',
  not_allowed_token_type: 'forbidden',
  not_in_channel: 'forbidden',
  is_archived: 'forbidden',
  cant_archive_general: 'forbidden',
  cant_invite: 'forbidden',
  cant_invite_self: 'forbidden',
  user_is_restricted: 'forbidden',
  ura_max_channels: 'forbidden',
  channel_is_limited_access: 'forbidden',
  method_not_supported_for_channel_type: 'forbidden',

  channel_not_found: 'not_found',
  user_not_found: 'not_found',
  users_not_found: 'not_found',
  team_not_found: 'not_found',
  message_not_found: 'not_found',

  name_taken: 'conflict',
  already_archived: 'conflict',
  already_in_channel: 'conflict',
};

/** A workspace's own rules, about one action or one channel: `restricted_action_read_only_channel`. */
const restricted = /^restricted_action/;

/** Slack cannot tell whether it was carried out. */
const unsure = new Set(['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable']);

/** Seconds to wait when Slack does not say: its limits are counted by the minute. */
const defaultThrottleSeconds = 30;
const longestThrottleSeconds = 86_400;

/** An answer that does not say `ok: true`, as much of it as decides. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body, or null when it was no JSON. */
  readonly data: unknown;
}

/** Slack's code, or null: whatever stands there may be stored and shown, so it must look like one. */
function errorCode(data: unknown): string | null {
  const { ok, error } = record(data);
  return ok === false && typeof error === 'string' && /^[a-z][a-z0-9_]{0,79}$/.test(error)
    ? error
    : null;
}

/** Retry-After in whole seconds, given as such or as a date (RFC 9110 §10.2.3). */
function retryAfter(headers: Headers, now: number): number | null {
  const value = headers.get('retry-after')?.trim();
  if (!value) return null;
  const seconds = /^\d+$/.test(value)
    ? Number(value)
    : Math.ceil((Date.parse(value) - now) / 1_000);
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 1), longestThrottleSeconds);
}

function kindOf(status: number, code: string | null): ProviderFailureKind {
  if (status === 429) return 'throttled';
  if (code !== null)
    return byError[code] ?? (restricted.test(code) ? 'forbidden' : 'invalid_request');
  if (status >= 500 || status === 408) return 'temporarily_unavailable';
  return status < 400 ? 'invalid_response' : 'invalid_request';
}

/** Slack names them in `needed`, separated by commas; any one of them would do. */
function neededScopes(data: unknown): readonly string[] {
  const { needed } = record(data);
  return typeof needed === 'string' ? needed.split(/[\s,]+/).filter(Boolean) : [];
}

/**
 * The class of an answer that does not say `ok: true`. Slack answers most refusals with HTTP 200.
 * @param now milliseconds since the epoch, for a Retry-After that is a date
 */
export function classifyRefusal({ status, headers, data }: Refusal, now = Date.now()) {
  const code = errorCode(data);
  const kind = kindOf(status, code);
  const wait = retryAfter(headers, now);
  const failure = ((): ProviderFailure => {
    switch (kind) {
      case 'throttled':
        return { kind, status, code, retryAfterSeconds: wait ?? defaultThrottleSeconds };
      case 'temporarily_unavailable':
        return { kind, status, code, retryAfterSeconds: wait };
      case 'needs_scopes':
        return { kind, status, code, missing: neededScopes(data) };
      default:
        return { kind, status, code };
    }
  })();
  const unclear =
    kind === 'invalid_response' || (status >= 500 && code === null) || unsure.has(code ?? '');
  return { failure, unclear };
}

/** The error of such an answer. @param effect `write` when the call may have changed something */
export function refusalError(
  operation: string,
  refusal: Refusal,
  effect: 'read' | 'write',
): ProviderError {
  const { failure, unclear } = classifyRefusal(refusal);
  return new ProviderError('slack', operation, failure, effect === 'write' && unclear);
}

/**
 * Turn what was thrown on the way into a `ProviderError`. Errors that are not about the provider (a
 * cancelled run, a spent budget, a bug) are handed back as they were thrown.
 */
export function asProviderError(
  operation: string,
  error: unknown,
  effect: 'read' | 'write',
): unknown {
  return asThrownOf({ provider: 'slack', operation, write: effect === 'write' }, error);
}

/** Words for the `error` that Slack puts on the redirect back from its consent page. */
export function explainConsentRefusal(error: string): string {
  switch (error) {
    case 'access_denied':
      return 'Access was not granted on Slack’s page. Nothing has changed.';
    case 'invalid_team_for_non_distributed_app':
      return 'This Slack app can only be added to the workspace that it was made in.';
    case 'invalid_scope':
    case 'invalid_scope_requested':
    case 'bad_redirect_uri':
    case 'invalid_client_id':
      return 'Something is wrong with how Tenantry is set up at Slack. We are on it.';
    default:
      return 'Slack did not complete the consent. Please try again.';
  }
}
