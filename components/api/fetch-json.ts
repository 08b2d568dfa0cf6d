import type { ErrorCode, FieldErrors } from '@/lib/errors/contract';

/** A refused request, with the words of the server's problem details (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly status: number,
    readonly requestId: string | null,
    readonly fields?: FieldErrors,
  ) {
    super(message);
  }
}

const unreachable = 'The server cannot be reached. Check your connection and try again.';

/**
 * Ask one of our own endpoints for JSON.
 * @throws ProblemError with words that may be shown
 */
export async function fetchJson<Data>(path: string, init: RequestInit = {}): Promise<Data> {
  const response = await fetch(path, {
    ...init,
    headers: { accept: 'application/json', ...init.headers },
  }).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new ProblemError('unavailable', unreachable, 0, null);
  });
  if (response.ok) return (await response.json()) as Data;
  const problem = (await response.json().catch(() => ({}))) as {
    code?: ErrorCode;
    detail?: string;
    fields?: FieldErrors;
  };
  throw new ProblemError(
    problem.code ?? 'internal',
    problem.detail ?? 'Something went wrong on our side. Try again.',
    response.status,
    response.headers.get('x-request-id'),
    problem.fields,
  );
}
