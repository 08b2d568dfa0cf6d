import { type Authority, ProviderError, type ProviderFailure } from '../contract';
import { asThrownOf, record, unexpectedShape as shapeError } from '../thrown';
import { adviceFor, doubtfulAdvice } from './advice';
import { demandsClaims } from './claims';
import { byGraphCode, byNumber, byOAuthError, byStatus, bySuberror, type Verdict } from './codes';
import { holds } from './scopes';

/** Seconds to wait when Microsoft does not say: Outlook's shortest windows refill in ten. */
const defaultThrottleSeconds = 10;
const longestThrottleSeconds = 86_400;

/** An answer that was not 2xx, as much of it as decides. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
}

/** What was known of the call that was refused. */
export interface CallFacts {
  readonly authority: Authority;
  /** Permissions of which the call takes one; empty where any token will do. */
  readonly takes: readonly string[];
  /** What the token carried (`scp` or `roles`), or null when it cannot be read. */
  readonly carried: readonly string[] | null;
}

/** The token endpoint, where no token is shown. */
export const atTokenEndpoint = (authority: Authority): CallFacts => ({
  authority,
  takes: [],
  carried: null,
});

interface Body {
  readonly oauthError: string | null;
  readonly suberror: string | null;
  readonly numbers: readonly number[];
  /** Graph's codes, the outermost first. */
  readonly codes: readonly string[];
  readonly message: string;
}

function graphCodes(error: Readonly<Record<string, unknown>>): string[] {
  const codes: string[] = [];
  let at = error;
  for (let depth = 0; depth < 5; depth += 1) {
    if (typeof at.code === 'string') codes.push(at.code);
    at = record(at.innerError ?? at.innererror);
  }
  return codes;
}

function readBody(data: unknown): Body {
  const body = record(data);
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  if (typeof body.error === 'string') {
    const numbers = Array.isArray(body.error_codes)
      ? body.error_codes.filter((one): one is number => typeof one === 'number')
      : [...text(body.error_description).matchAll(/AADSTS(\d+)/g)].map(([, n]) => Number(n));
    const suberror = text(body.suberror) || null;
    return { oauthError: body.error, suberror, numbers, codes: [], message: '' };
  }
  const error = record(body.error);
  const codes = graphCodes(error);
  return { oauthError: null, suberror: null, numbers: [], codes, message: text(error.message) };
}

function clampWait(seconds: number): number {
  return Math.min(Math.max(Math.ceil(seconds), 1), longestThrottleSeconds);
}

/**
 * How long Microsoft asks us to wait, in whole seconds: Retry-After as seconds or date (RFC 9110
 * §10.2.3). Some services leave it out; the share of the limit that is in use tells how far over it
 * we are (`x-ms-throttle-limit-percentage`, 0.8 to 1.8).
 * Source: https://learn.microsoft.com/graph/throttling
 */
function retryAfter(headers: Headers, now: number): number | null {
  const header = headers.get('retry-after')?.trim();
  if (header && /^\d+(\.\d+)?$/.test(header)) return clampWait(Number(header));
  const at = Date.parse(header ?? '');
  if (!Number.isNaN(at)) return clampWait((at - now) / 1_000);
  const share = throttleShare(headers);
  return share === null ? null : clampWait(defaultThrottleSeconds * share);
}

/** The share of a limit that is in use, from 0.8 on; null while Microsoft does not mention it. */
export function throttleShare(headers: Headers): number | null {
  const share = Number.parseFloat(headers.get('x-ms-throttle-limit-percentage') ?? '');
  return Number.isFinite(share) && share >= 0 ? share : null;
}

/** Teams names what would have done: "API requires one of 'A, B'". */
function namedPermissions(message: string): string[] {
  const list = /requires one of ['"]([^'"]+)['"]/i.exec(message)?.[1] ?? '';
  return list.split(/[,\s]+/).filter(Boolean);
}

/** Permissions of which the token should have had one; empty when it had one, or none is known. */
function missingPermissions(body: Body, { takes, carried }: CallFacts): readonly string[] {
  const named = namedPermissions(body.message);
  const wanted = named.length > 0 ? named : takes;
  if (carried === null) return named;
  return wanted.some((scope) => holds(carried, scope)) ? [] : wanted;
}

/**
 * The class of an answer that was not 2xx.
 * @param now milliseconds since the epoch, for a Retry-After that is a date
 */
export function classifyRefusal(
  refusal: Refusal,
  facts: CallFacts,
  now = Date.now(),
): ProviderFailure {
  const { status, headers } = refusal;
  const body = readBody(refusal.data);
  const missing = status === 403 ? missingPermissions(body, facts) : [];
  const kind = missing.length > 0 ? 'needs_scopes' : kindOf(refusal, body, facts);
  const code = lacksClaims(refusal) ? 'insufficient_claims' : codeOf(body);
  const advice = adviceFor(code);
  switch (kind) {
    case 'throttled':
      return {
        kind,
        status,
        code,
        retryAfterSeconds: retryAfter(headers, now) ?? defaultThrottleSeconds,
      };
    case 'temporarily_unavailable':
      return { kind, status, code, retryAfterSeconds: retryAfter(headers, now) };
    case 'needs_scopes':
      return { kind, status, code, missing };
    case 'doubtful':
      return {
        kind: 'blocked_by_policy',
        status,
        code,
        doubtful: true,
        advice: doubtfulAdvice(code),
        ...advice,
      };
    default:
      return { kind, status, code, ...advice };
  }
}

const lacksClaims = ({ status, headers }: Refusal) =>
  (status === 401 || status === 403) && demandsClaims(headers);

function codeOf({ numbers, oauthError, codes }: Body): string | null {
  const number = numbers.find((one) => byNumber.has(one)) ?? numbers[0];
  if (number !== undefined) return `AADSTS${number}`;
  return oauthError ?? codes.find((one) => one in byGraphCode) ?? codes[0] ?? null;
}

function kindOf(refusal: Refusal, body: Body, { authority }: CallFacts): Verdict {
  const { status } = refusal;
  // We are sent on, and do not go: no API of theirs answers so.
  if (status < 400) return 'invalid_response';
  if (lacksClaims(refusal)) {
    // The door has tried again with what was demanded, and it was not enough.
    return authority === 'delegated' ? 'needs_reconsent' : 'blocked_by_policy';
  }
  if (status === 429 || status === 509) return 'throttled';
  const number = body.numbers.find((one) => byNumber.has(one));
  const known = number === undefined ? undefined : byNumber.get(number);
  if (known === 'app_fault') return known;
  if (status >= 500) return 'temporarily_unavailable';
  if (known) return known;
  if (body.oauthError !== null) {
    const refined = bySuberror[body.suberror ?? ''];
    return refined ?? byOAuthError[body.oauthError] ?? byStatus[status] ?? 'invalid_request';
  }
  const code = body.codes.find((one) => one in byGraphCode);
  return (code && byGraphCode[code]) || (byStatus[status] ?? 'invalid_request');
}

/** The answer is not what its documentation promises; said without quoting it. */
export function unexpectedShape(operation: string, write = false, cause?: unknown): ProviderError {
  return shapeError({ provider: 'microsoft', operation, write }, cause);
}

/** @param write whether the call may have changed something although it was refused */
export function refused(
  operation: string,
  refusal: Refusal,
  facts: CallFacts,
  write: boolean,
): ProviderError {
  const failure = classifyRefusal(refusal, facts);
  return new ProviderError('microsoft', operation, failure, write && refusal.status >= 500);
}

/**
 * Turn what a call threw into a `ProviderError`. Errors that are not about the provider (a cancelled
 * run, a spent budget, a bug) are handed back as they were thrown.
 */
export function asProviderError(operation: string, error: unknown, write: boolean): unknown {
  return asThrownOf({ provider: 'microsoft', operation, write }, error);
}
