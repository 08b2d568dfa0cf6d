import { contentSecurityPolicy, type PolicyOptions } from './content-security-policy';

export interface ResponseHeaderOptions extends PolicyOptions {
  readonly requestId: string;
  /** The address people see; with https, browsers are told never to use http again. */
  readonly appUrl: string;
}

/** Two years, the least that browsers' preload lists take. */
const hstsSeconds = 63_072_000;

/** The headers of every response, by name. */
export function responseHeaders(options: ResponseHeaderOptions): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(options),
    'x-request-id': options.requestId,
    'x-content-type-options': 'nosniff',
    // Addresses carry invitations and filters; none of it is another site's business.
    'referrer-policy': 'same-origin',
    'permissions-policy':
      'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...(options.appUrl.startsWith('https:')
      ? { 'strict-transport-security': `max-age=${hstsSeconds}; includeSubDomains` }
      : {}),
  };
}
