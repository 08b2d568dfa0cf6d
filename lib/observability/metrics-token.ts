import { createHash, timingSafeEqual } from 'node:crypto';
import { env } from '@/lib/env';
import { notFound, PublicError } from '@/lib/errors';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Let in who holds `METRICS_TOKEN` (`Authorization: Bearer …`, RFC 6750). Without a token set, the
 * metrics are open in a demo, and in production they are not there.
 * @throws PublicError `not_found`, `unauthenticated`
 */
export function requireMetricsToken(authorization: string | null): void {
  const token = env.METRICS_TOKEN;
  if (token === undefined) {
    if (env.TENANTRY_MODE === 'production') throw notFound();
    return;
  }
  // Digests are of one length, which the comparison needs, and tell nothing of the token's.
  if (!timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))) {
    throw new PublicError('unauthenticated', 'Send the metrics token as a bearer token.');
  }
}
