/** Error answers as Google words them. */
interface GoogleError {
  readonly code: number;
  readonly message: string;
  /** `errors[0].reason`, the older form that all three APIs still send. */
  readonly reason: string;
  /** Canonical status (https://google.aip.dev/193), where the API sends one. */
  readonly status?: string;
  readonly details?: readonly unknown[];
  readonly location?: string;
}

export function googleErrorBody({ code, message, reason, status, details, location }: GoogleError) {
  const place = location ? { location, locationType: 'parameter' } : {};
  return {
    error: {
      code,
      message,
      errors: [{ message, domain: 'global', reason, ...place }],
      ...(status && { status }),
      ...(details && { details }),
    },
  };
}

/** Thrown by a handler; becomes Google's answer. */
export class Refused extends Error {
  constructor(
    readonly code: number,
    readonly body: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`refused with ${code}`);
  }

  response(): Response {
    return Response.json(this.body, { status: this.code, headers: this.headers });
  }
}

function refuse(error: GoogleError, headers: Record<string, string> = {}): Refused {
  return new Refused(error.code, googleErrorBody(error), headers);
}

export const notFound = (what = 'Requested entity was not found.') =>
  refuse({ code: 404, message: what, reason: 'notFound', status: 'NOT_FOUND' });

export const invalid = (message: string, location?: string) =>
  refuse({
    code: 400,
    message,
    reason: location ? 'invalid' : 'invalidArgument',
    status: 'INVALID_ARGUMENT',
    ...(location && { location }),
  });

export const conflict = (message: string, reason: string, status: string) =>
  refuse({ code: 409, message, reason, status });

/** For somebody whose organisation has not given them Gmail. */
export const mailSwitchedOff = () =>
  refuse({
    code: 400,
    message: 'Mail service not enabled',
    reason: 'failedPrecondition',
    status: 'FAILED_PRECONDITION',
  });

export const forbidden = (message: string) =>
  refuse({ code: 403, message, reason: 'forbidden', status: 'PERMISSION_DENIED' });

export const unauthorized = () =>
  refuse(
    {
      code: 401,
      message:
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login ' +
        'cookie or other valid authentication credential.',
      reason: 'authError',
      status: 'UNAUTHENTICATED',
    },
    { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
  );

/** A token without any of the scopes that the method accepts. */
export const insufficientScopes = (accepted: readonly string[]) =>
  refuse(
    {
      code: 403,
      message: 'Request had insufficient authentication scopes.',
      reason: 'insufficientPermissions',
      status: 'PERMISSION_DENIED',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
          domain: 'googleapis.com',
        },
      ],
    },
    {
      'www-authenticate': `Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="${accepted.join(' ')}"`,
    },
  );
