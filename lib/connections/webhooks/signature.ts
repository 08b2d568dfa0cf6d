import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const oldestSignature = 300;

export interface SignedRequest {
  readonly secret: string;
  /** `X-Slack-Request-Timestamp`: seconds since the epoch. */
  readonly timestamp: string | null;
  /** `X-Slack-Signature`. */
  readonly signature: string | null;
  /** The body, byte for byte as it came. */
  readonly body: Uint8Array;
}

/**
 * Whether Slack has signed this, lately: HMAC-SHA256 over `v0:<timestamp>:<body>`. Compared in a time
 * that says nothing of where they differ.
 * @param now milliseconds since the epoch
 */
export function checkSlackSignature(
  { secret, timestamp, signature, body }: SignedRequest,
  now = Date.now(),
): 'good' | 'bad' | 'stale' {
  if (!timestamp || !/^\d{1,11}$/.test(timestamp)) return 'bad';
  if (!signature || !/^v0=[0-9a-f]{64}$/.test(signature)) return 'bad';
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature.slice(3), 'hex'))) return 'bad';
  return Math.abs(now / 1_000 - Number(timestamp)) > oldestSignature ? 'stale' : 'good';
}
