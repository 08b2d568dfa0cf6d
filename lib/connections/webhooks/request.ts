import { attemptLimiter, waitOf } from '@/lib/attempts';
import { type ErrorCode, PublicError } from '@/lib/errors';
import { logger } from '@/lib/observability';
import type { ProviderKey } from '@/lib/providers';
import type { RequestFacts } from '@/lib/request';

/** A provider's call as it came in. */
export interface Delivery {
  readonly request: Request;
  readonly facts: RequestFacts;
}

/** Bytes; what providers send about connections is a few kilobytes. */
const largestBody = 256 * 1024;

/** Refused calls of one address. Providers' own are never refused, and so never counted. */
const refusals = attemptLimiter({ keyPrefix: 'webhook-refused', points: 60, duration: 60 });

const keyOf = ({ ipAddress }: RequestFacts) => ipAddress ?? 'unknown';

/**
 * The body, byte for byte: a signature is over nothing else.
 * @throws PublicError `too_large`, or `rate_limited` for an address that was refused too often
 */
export async function readRaw({ request, facts }: Delivery): Promise<Uint8Array> {
  const counted = await refusals.get(keyOf(facts));
  if (counted && counted.remainingPoints <= 0) throw tooMany(counted.msBeforeNext);
  const tooLarge = () => new PublicError('too_large', `Send at most ${largestBody / 1024} KiB.`);
  if (Number(request.headers.get('content-length') ?? 0) > largestBody) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > largestBody) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooMany(milliseconds: number): PublicError {
  return new PublicError('rate_limited', 'Too many calls that were refused.', {
    retryAfterSeconds: milliseconds / 1_000,
  });
}

/**
 * Refuse a call, on the log and counted against its address.
 * @param reason a word for the log: `bad_signature`, `replayed`
 * @returns the error to throw
 */
export async function refusal(
  provider: ProviderKey,
  { facts }: Delivery,
  reason: string,
  [code, message]: readonly [ErrorCode, string],
): Promise<PublicError> {
  const { ipAddress, requestId } = facts;
  logger.warn({ provider, reason, ip: ipAddress, request_id: requestId }, 'A webhook was refused');
  try {
    await refusals.consume(keyOf(facts));
  } catch (error) {
    const wait = waitOf(error);
    return wait === undefined ? (error as PublicError) : tooMany(wait);
  }
  return new PublicError(code, message);
}

/** JSON, or null. */
export function parsedJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}
