import { attemptLimiter, networkOf, waitOf } from '@/lib/attempts';
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

/**
 * Refused calls of one network. Only what was refused is counted, and only that is limited: a stranger
 * can have a provider itself send us what is none of ours, from the addresses that ours comes from.
 */
const refusals = attemptLimiter({ keyPrefix: 'webhook-refused', points: 60, duration: 60 });

const keyOf = ({ ipAddress }: RequestFacts) => networkOf(ipAddress ?? 'unknown');

/**
 * The body, byte for byte: a signature is over nothing else.
 * @throws PublicError `too_large`
 */
export async function readRaw({ request }: Delivery): Promise<Uint8Array> {
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
 * Refuse a call that turned out not to be genuine: on the log, as long as its network is not refused
 * too often.
 * @param reason a word for the log: `bad_signature`, `replayed`
 * @returns the error to throw; `rate_limited` when nothing more of the kind is to go on record
 */
export async function refusal(
  provider: ProviderKey,
  { facts }: Delivery,
  reason: string,
  [code, message]: readonly [ErrorCode, string],
): Promise<PublicError> {
  const { ipAddress, requestId } = facts;
  try {
    await refusals.consume(keyOf(facts));
  } catch (error) {
    const wait = waitOf(error);
    if (wait === undefined) throw error;
    return tooMany(wait);
  }
  logger.warn({ provider, reason, ip: ipAddress, request_id: requestId }, 'A webhook was refused');
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
