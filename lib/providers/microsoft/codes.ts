import type { ProviderFailureKind } from '../contract';

export type Kind = ProviderFailureKind;

/**
 * AADSTS numbers, as `error_codes` has them.
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const byNumber: ReadonlyMap<number, Kind> = new Map<number, Kind>([
  // Consent was never given, was taken back, or the directory is not known (any more).
  ...[65001, 65004, 90094, 90008, 650056, 650057, 500011, 700016, 90002, 500014].map(
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
  ...[53003, 530032, 530003, 53000, 53001, 53002, 53004, 500021, 7000112, 50105, 50097, 50020].map(
    (number) => [number, 'blocked_by_policy'] as const,
  ),
  // Our own client: a secret that is wrong or has run out, a certificate or address it does not know.
  ...[7000215, 7000222, 700027, 700030, 7000218, 7000216, 50011, 70011, 700025, 700054].map(
    (number) => [number, 'app_fault'] as const,
  ),
  ...[90006, 90033, 90024, 50181].map((number) => [number, 'temporarily_unavailable'] as const),
  // "The client terminated because it sent a request in a loop."
  [50196, 'throttled'],
]);

/** The OAuth `error`, where no number says more (RFC 6749 §5.2, OpenID Connect Core §3.1.2.6). */
export const byOAuthError: Readonly<Record<string, Kind>> = {
  invalid_grant: 'needs_reconsent',
  interaction_required: 'needs_reconsent',
  consent_required: 'needs_reconsent',
  login_required: 'needs_reconsent',
  invalid_resource: 'needs_reconsent',
  access_denied: 'blocked_by_policy',
  invalid_client: 'app_fault',
  unauthorized_client: 'app_fault',
  unsupported_grant_type: 'app_fault',
  invalid_scope: 'app_fault',
  invalid_request: 'app_fault',
  temporarily_unavailable: 'temporarily_unavailable',
  server_error: 'temporarily_unavailable',
  slow_down: 'throttled',
};

/** What `suberror` refines (https://learn.microsoft.com/entra/identity-platform/access-tokens). */
export const bySuberror: Readonly<Record<string, Kind>> = {
  protection_policy_required: 'blocked_by_policy',
  device_authentication_failed: 'blocked_by_policy',
  client_mismatch: 'app_fault',
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
