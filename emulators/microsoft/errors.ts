import { randomUUID } from 'node:crypto';

/** Thrown by a handler; becomes Microsoft's answer. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`refused with ${status}`);
  }

  response(): Response {
    return Response.json(this.body, { status: this.status, headers: this.headers });
  }
}

const stamp = () => new Date().toISOString().replace('T', ' ').replace(/\..*/, 'Z');

/** Words of an AADSTS error with the trace lines that Microsoft puts below them. */
export function aadsts(number: number, words: string): string {
  return (
    `AADSTS${number}: ${words} Trace ID: ${randomUUID()} ` +
    `Correlation ID: ${randomUUID()} Timestamp: ${stamp()}`
  );
}

/**
 * An error of the token endpoint.
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function tokenError(
  status: number,
  error: string,
  number: number,
  words: string,
  suberror?: string,
): Refused {
  return new Refused(status, {
    error,
    error_description: aadsts(number, words),
    error_codes: [number],
    timestamp: stamp(),
    trace_id: randomUUID(),
    correlation_id: randomUUID(),
    error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    ...(suberror && { suberror }),
  });
}

/** Source: https://learn.microsoft.com/graph/errors */
export function graphErrorBody(code: string, message: string, innerCode?: string) {
  const id = randomUUID();
  return {
    error: {
      code,
      message,
      innerError: {
        ...(innerCode && { code: innerCode }),
        date: new Date().toISOString().slice(0, 19),
        'request-id': id,
        'client-request-id': id,
      },
    },
  };
}

export function graphError(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Refused {
  return new Refused(status, graphErrorBody(code, message), headers);
}

export const badRequest = (message: string, code = 'BadRequest') => graphError(400, code, message);

export const unauthenticated = (message: string) =>
  graphError(401, 'InvalidAuthenticationToken', message, {
    'www-authenticate':
      'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", error="invalid_token"',
  });

/** How each of Graph's services says that a permission is missing. */
export const denied = {
  directory: () =>
    graphError(
      403,
      'Authorization_RequestDenied',
      'Insufficient privileges to complete the operation.',
    ),
  outlook: () =>
    graphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.'),
  files: () =>
    graphError(403, 'accessDenied', 'Either scp or roles claim need to be present in the token.'),
  teams: (wanted: readonly string[], had: readonly string[]) =>
    graphError(
      403,
      'Forbidden',
      `Missing scope permissions on the request. API requires one of '${wanted.join(', ')}'. Scopes on the request '${had.join(', ')}'`,
    ),
} as const;

export const noUser = (id: string) =>
  graphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
export const noItem = () =>
  graphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
export const noFile = () => graphError(404, 'itemNotFound', 'The resource could not be found.');
