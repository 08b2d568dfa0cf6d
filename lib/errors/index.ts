import type { z } from 'zod';
import { type ErrorCode, errorCodes, type FieldErrors, type PublicErrorShape } from './contract';

export {
  type ActionResult,
  type ErrorCode,
  errorCodes,
  type FieldErrors,
  type PublicErrorShape,
} from './contract';

interface PublicErrorOptions {
  readonly fields?: FieldErrors;
  readonly cause?: unknown;
  readonly retryAfterSeconds?: number;
}

/**
 * An error whose message may be shown: it says what happened and what to do next.
 * Any other error is answered as `internal`, with its text kept in the log.
 */
export class PublicError extends Error {
  override readonly name = 'PublicError';
  readonly code: ErrorCode;
  readonly fields: FieldErrors | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: PublicErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.fields = options.fields;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }
}

/** The one answer to an id that is absent, and to an id that is another tenant's. */
export function notFound(): PublicError {
  return new PublicError(
    'not_found',
    'There is nothing at this address, or it is not yours to see.',
  );
}

export function forbidden(): PublicError {
  return new PublicError(
    'forbidden',
    'Your role does not allow this. Ask an owner of your organisation.',
  );
}

/**
 * Give the row or say that it does not exist.
 * @throws PublicError `not_found` when there is no row
 */
export function found<Row>(row: Row | undefined | null): Row {
  if (row === undefined || row === null) throw notFound();
  return row;
}

/** Turn a zod error into messages by field. */
export function invalidInput(error: z.ZodError): PublicError {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    fields[issue.path.join('.')] ??= issue.message;
  }
  // A fault of the whole has no field to stand at, so it is the message.
  const message = fields[''] ?? 'Some of it needs another look: see what is said at each field.';
  return new PublicError('invalid_input', message, { fields, cause: error });
}

const internalMessage =
  'Something went wrong on our side. Try again; if it stays, give our support the request id.';

/** What may be told of any thrown value. */
export function toPublicError(error: unknown): PublicError {
  return error instanceof PublicError
    ? error
    : new PublicError('internal', internalMessage, { cause: error });
}

/** The shape a server action gives back. */
export function publicShape(error: PublicError, requestId: string): PublicErrorShape {
  return {
    code: error.code,
    message: error.message,
    ...(error.fields ? { fields: error.fields } : {}),
    requestId,
  };
}

/** The error as problem details (RFC 9457). */
export function problemResponse(error: PublicError, requestId: string): Response {
  const { status, title } = errorCodes[error.code];
  const headers = new Headers({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-request-id': requestId,
  });
  if (error.retryAfterSeconds !== undefined) {
    headers.set('retry-after', String(Math.ceil(error.retryAfterSeconds)));
  }
  const body = {
    type: `https://tenantry.dev/problems/${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    ...(error.fields ? { fields: error.fields } : {}),
    request_id: requestId,
  };
  return new Response(JSON.stringify(body), { status, headers });
}
