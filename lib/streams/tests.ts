import type { TenantId } from '@/db';
import { attemptLimiter, waitOf } from '@/lib/attempts';
import { PublicError } from '@/lib/errors';

/** Each is sent at once, past the queue that bounds deliveries. */
const limit = { keyPrefix: 'stream-test', points: 5, duration: 60 } as const;
let limiter: ReturnType<typeof attemptLimiter> | undefined;

/**
 * Count a test event of an organisation.
 * @throws PublicError `rate_limited`
 */
export async function countTest(tenantId: TenantId): Promise<void> {
  limiter ??= attemptLimiter(limit);
  try {
    await limiter.consume(tenantId);
  } catch (refusal) {
    const wait = waitOf(refusal);
    if (wait === undefined) throw refusal;
    throw new PublicError(
      'rate_limited',
      `${limit.points} test events a minute can be sent. Try again in a minute.`,
      { retryAfterSeconds: wait / 1_000 },
    );
  }
}
