import type { ProviderFailureKind } from '../contract';

export type Kind = ProviderFailureKind;

/**
 * A class, or `doubtful`: one organisation's doing when it alone meets it, and a fault of our own
 * client when all of them do.
 */
export type Verdict = Kind | 'doubtful';

/**
 * AADSTS numbers, as `error_codes` has them. A fault of ours stops Microsoft for everybody, so that
 * only numbers count as one that no organisation can bring about by itself.
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const byNumber: ReadonlyMap<number, Verdict> = new Map<number, Verdict>([
  // Consent was never given or was taken back; the directory or our app in it is not known (any more).
  ...[65001, 65004, 90094, 90095, 90099, 90008, 650051, 650052, 650054, 650056, 650057].map(
    (number) => [number, 'needs_reconsent'] as const,
  ),
  ...[500011, 500014, 700016, 700011, 70001, 7000229, 90002, 51004].map(
    (number) => [number, 'needs_reconsent'] as const,
  ),
  // The grant is spent, expired or revoked; the password was changed; the account is gone.
  ...[50173, 70000, 70008, 700082, 700084, 70043, 54005, 50132, 50133, 50089, 50057, 50034].map(
    (number) => [number, 'needs_reconsent'] as const,
  ),
  // The person has to do something on Microsoft's own page: a second factor, a new password.
  ...[50076, 50079, 50078, 50074, 50072, 50055, 50058, 16000].map(
    (number) => [number, 'needs_reconsent'] as const,
  ),
  // The organisation's own rules.
  ...[53003, 530032, 530003, 53000, 53001, 53002, 53004, 500021, 50105, 50097, 50020].map(
    (number) => [number, 'blocked_by_policy'] as const,
  ),
  // "The application is disabled": in their directory, or where it is registered.
  [7000112, 'doubtful'],
  // Our own client: a secret that is wrong or has run out, a certificate or address it does not know.
  ...[7000215, 7000222, 700027, 700030, 7000218, 7000216, 50011, 700025, 700054].map(
    (number) => [number, 'app_fault'] as const,
  ),
  ...[90006, 90012, 90033, 90024, 90090, 50181].map(
    (number) => [number, 'temporarily_unavailable'] as const,
  ),
  // "The client terminated because it sent a request in a loop."; too many requests of one directory.
  ...[50196, 90055].map((number) => [number, 'throttled'] as const),
]);

/**
 * The OAuth `error`, where no number says more (RFC 6749 §5.2, OpenID Connect Core §3.1.2.6). What
 * reads like a fault of the client is as often one organisation's: `invalid_client` is also what
 * Microsoft answers when a directory has deleted our enterprise application.
 */
export const byOAuthError: Readonly<Record<string, Verdict>> = {
  invalid_grant: 'needs_reconsent',
  interaction_required: 'needs_reconsent',
  consent_required: 'needs_reconsent',
  login_required: 'needs_reconsent',
  invalid_resource: 'needs_reconsent',
  access_denied: 'blocked_by_policy',
  invalid_client: 'doubtful',
  unauthorized_client: 'doubtful',
  unsupported_grant_type: 'doubtful',
  invalid_scope: 'doubtful',
  invalid_request: 'doubtful',
  temporarily_unavailable: 'temporarily_unavailable',
  server_error: 'temporarily_unavailable',
  slow_down: 'throttled',
};

/** What `suberror` refines (https://learn.microsoft.com/entra/identity-platform/access-tokens). */
export const bySuberror: Readonly<Record<string, Verdict>> = {
  protection_policy_required: 'blocked_by_policy',
  device_authentication_failed: 'blocked_by_policy',
  client_mismatch: 'doubtful',
};

/**
 * Codes of a refused Graph call, outer or inner, before the status decides.
 * Source: https://learn.microsoft.com/graph/errors, and the error pages of Outlook and OneDrive.
 */
export const byGraphCode: Readonly<Record<string, Kind>> = {
  activityLimitReached: 'throttled',
  ApplicationThrottled: 'throttled',
  TooManyRequests: 'throttled',
  ErrorTooManyObjectsOpened: 'throttled',
  ErrorServerBusy: 'temporarily_unavailable',
  serviceNotAvailable: 'temporarily_unavailable',
  MailboxConcurrency: 'throttled',
  Authorization_IdentityNotFound: 'needs_reconsent',
  Authentication_MSGraphPermissionMissing: 'needs_scopes',
  ErrorItemNotFound: 'not_found',
  itemNotFound: 'not_found',
  Request_ResourceNotFound: 'not_found',
  nameAlreadyExists: 'conflict',
  ErrorIrresolvableConflict: 'conflict',
  ErrorFolderExists: 'conflict',
  resourceModified: 'conflict',
};

/** RFC 9110 §15, as Graph uses it. */
export const byStatus: Readonly<Record<number, Kind>> = {
  401: 'token_rejected',
  403: 'forbidden',
  404: 'not_found',
  408: 'temporarily_unavailable',
  409: 'conflict',
  410: 'not_found',
  412: 'conflict',
  423: 'conflict',
  429: 'throttled',
  509: 'throttled',
};
