/** Every way a request can fail that a person or program outside may be told about. */
export const errorCodes = {
  invalid_input: { status: 400, title: 'Some of what was sent cannot be used' },
  malformed: { status: 400, title: 'The request could not be read' },
  unauthenticated: { status: 401, title: 'You are not signed in' },
  forbidden: { status: 403, title: 'Your role does not allow this' },
  second_factor_required: { status: 403, title: 'A code of your second factor is needed' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  conflict: { status: 409, title: 'This clashes with how things stand now' },
  gone: { status: 410, title: 'This is no longer valid' },
  too_large: { status: 413, title: 'That is too large' },
  rate_limited: { status: 429, title: 'Too many attempts' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  provider_failed: { status: 502, title: 'The provider did not answer as expected' },
  unavailable: { status: 503, title: 'Not available right now' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** Messages by field name; a nested field is written `trigger.cron`. */
export type FieldErrors = Readonly<Record<string, string>>;

/** What the browser is told of an error; nothing else leaves the server. */
export interface PublicErrorShape {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fields?: FieldErrors;
  readonly requestId: string;
}

/** What a server action answers. */
export type ActionResult<Data> =
  | { readonly ok: true; readonly data: Data }
  | { readonly ok: false; readonly error: PublicErrorShape };
