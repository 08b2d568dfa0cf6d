import { commonPresets } from '../presets';
import type { FaultPreset } from '../service';
import { graphErrorBody } from './errors';

const tokenPath = '/*/oauth2/v2.0/token';
const graphPath = '/v1.0/*';

/** What the token endpoint says; the trace lines that Microsoft adds are left out. */
function tokenFault(
  status: number,
  error: string,
  number: number,
  words: string,
  suberror?: string,
): FaultPreset['fault'] {
  const body = {
    error,
    error_description: `AADSTS${number}: ${words}`,
    error_codes: [number],
    ...(suberror && { suberror }),
  };
  return { method: 'POST', path: tokenPath, status, body };
}

const claims = { access_token: { nbf: { essential: true, value: '1604106651' } } };

/** Source: https://learn.microsoft.com/entra/identity-platform/claims-challenge#claims-challenge-header-format */
const challenge =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ' +
  'error="insufficient_claims", ' +
  `claims="${Buffer.from(JSON.stringify(claims)).toString('base64')}"`;

/** Faults of Microsoft's own, beside those that every provider has. */
export const presets: Readonly<Record<string, FaultPreset>> = {
  ...commonPresets(graphPath, {
    throttled: { body: graphErrorBody('TooManyRequests', 'Too many requests') },
    unavailable: {
      body: graphErrorBody('serviceNotAvailable', 'The service is temporarily unavailable.'),
    },
  }),
  throttle_silent: {
    label: 'Throttle (no header)',
    explanation: '429 without Retry-After, as some services of Graph do.',
    fault: {
      path: graphPath,
      status: 429,
      body: graphErrorBody(
        'ApplicationThrottled',
        'Application is over its MailboxConcurrency limit.',
      ),
    },
  },
  throttle_near: {
    label: 'Near the limit',
    explanation: 'x-ms-throttle-limit-percentage: 1.3 on every answer.',
    fault: {
      path: graphPath,
      headers: {
        'x-ms-throttle-limit-percentage': '1.3',
        'x-ms-throttle-scope': 'Tenant_Application/ReadWrite',
        'x-ms-throttle-information': 'CPULimitExceeded',
      },
    },
  },
  app_secret: {
    label: 'Expire our app’s secret',
    explanation: 'invalid_client, AADSTS7000222: our own fault, no customer’s.',
    fault: tokenFault(
      401,
      'invalid_client',
      7000222,
      'The provided client secret keys for app are expired. Visit the Azure portal to create new keys for your app, or consider using certificate credentials for added security.',
    ),
  },
  app_disabled: {
    label: 'Disable our app in the directory',
    explanation: 'unauthorized_client, AADSTS7000112.',
    fault: tokenFault(400, 'unauthorized_client', 7000112, 'Application is disabled.'),
  },
  conditional_access: {
    label: 'Block by Conditional Access',
    explanation: 'AADSTS53003: an administrator’s rule refuses new tokens.',
    fault: tokenFault(
      400,
      'invalid_grant',
      53003,
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
      'message_only',
    ),
  },
  second_factor: {
    label: 'Ask for a second factor',
    explanation: 'interaction_required, AADSTS50076: the person has to sign in again.',
    fault: tokenFault(
      400,
      'interaction_required',
      50076,
      'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
      'basic_action',
    ),
  },
  sign_in_down: {
    label: 'Sign-in out of order',
    explanation: 'temporarily_unavailable, AADSTS90033.',
    fault: tokenFault(
      503,
      'temporarily_unavailable',
      90033,
      'A transient error has occurred. Please try again.',
    ),
  },
  claims_challenge: {
    label: 'Challenge for more claims',
    explanation: '401 insufficient_claims: the token no longer shows enough.',
    fault: {
      path: graphPath,
      status: 401,
      headers: { 'www-authenticate': challenge },
      body: graphErrorBody(
        'InvalidAuthenticationToken',
        'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
      ),
    },
  },
};
