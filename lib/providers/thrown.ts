import { ZodError } from 'zod';
import { ProviderError, type ProviderKey } from './contract';

/** The parts of a thing that nothing is known of; none of what is no object. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

/** An error and what caused it, outermost first; eight at most. */
function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let at = error; at instanceof Error && chain.length < 8; at = at.cause) chain.push(at);
  return chain;
}

/** A failure below HTTP: no connection, a connection cut, or no answer in time. */
function networkCode(chain: readonly unknown[]): string | null {
  for (const error of [...chain].reverse()) {
    const { code, name } = record(error);
    if (name === 'TimeoutError') return name;
    if (typeof code === 'string' && /^(E[A-Z]+|UND_ERR_\w+)$/.test(code)) return code;
  }
  // As `fetch` words it; any other TypeError is a bug of ours.
  const lost = (error: unknown) =>
    error instanceof TypeError && /^(fetch failed|terminated)/.test(error.message);
  return chain.some(lost) ? 'network' : null;
}

/** The call that something was thrown on the way of. */
export interface Called {
  readonly provider: ProviderKey;
  readonly operation: string;
  /** It may have changed something although it failed. */
  readonly write: boolean;
}

/** The answer is not what its documentation promises; said without quoting it. */
export function unexpectedShape({ provider, operation, write }: Called, cause?: unknown) {
  const failure = { kind: 'invalid_response', status: 200, code: 'unexpected_shape' } as const;
  return new ProviderError(provider, operation, failure, write, { cause });
}

/**
 * Turn what was thrown on the way into a `ProviderError`. Errors that are not about the provider (a
 * cancelled run, a spent budget, a bug) are handed back as they were thrown.
 * @param refused the refusal in it, where a library throws those
 */
export function asThrownOf(
  called: Called,
  error: unknown,
  refused: () => ProviderError | null = () => null,
): unknown {
  const chain = causes(error);
  const inner = chain.find((one) => one instanceof ProviderError);
  if (inner) return inner;
  if (error instanceof ZodError) return unexpectedShape(called, error);
  const refusal = refused();
  if (refusal) return refusal;
  const code = networkCode(chain);
  if (code === null) return chain.at(-1) ?? error;
  const failure = {
    kind: 'temporarily_unavailable',
    status: null,
    code,
    retryAfterSeconds: null,
  } as const;
  return new ProviderError(called.provider, called.operation, failure, called.write);
}
