import { isIPv6 } from 'node:net';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { sql, withIdentity } from '@/db';
import { rateLimits } from '@/db/schema';

/** So many points within a time; counted over all processes. */
export interface AttemptLimit {
  readonly keyPrefix: string;
  readonly points: number;
  /** Seconds. */
  readonly duration: number;
}

/** The limiter speaks SQL with `$1`; the identity door takes it with its values bound. */
function query({ text, values = [] }: { text: string; values?: readonly unknown[] }) {
  const parts = text.split(/\$(\d+)/).map((part, index) =>
    // Every second part is a parameter's number.
    index % 2 === 0 ? sql.raw(part) : sql`${values[Number(part) - 1]}`,
  );
  return withIdentity((tx) => tx.execute(sql.join(parts)));
}

/** Counts attempts by a key, in one statement each. */
export function attemptLimiter(limit: AttemptLimit): RateLimiterPostgres {
  return new RateLimiterPostgres({
    ...limit,
    storeType: 'client',
    storeClient: { query },
    tableName: 'rate_limits',
    tableCreated: true,
  });
}

/** Forget what was counted by keys that hold an id, as of a tenant that is erased. */
export async function forgetAttempts(id: string): Promise<void> {
  await withIdentity((tx) =>
    tx.delete(rateLimits).where(sql`strpos(${rateLimits.key}, ${id}) > 0`),
  );
}

/** Milliseconds to wait, when a limiter refused; undefined for any other error. */
export function waitOf(refusal: unknown): number | undefined {
  return refusal instanceof RateLimiterRes ? refusal.msBeforeNext : undefined;
}

/** An IPv6 address in eight groups of hexadecimal digits, without leading zeros. */
function groupsOf(address: string): string[] {
  const { hostname } = new URL(`http://[${address.split('%')[0]}]`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const first = head === '' ? [] : head.split(':');
  if (tail === undefined) return first;
  const last = tail === '' ? [] : tail.split(':');
  return [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last];
}

/**
 * The network by which attempts from an address are counted. Of IPv6 that is a /64: whoever has one
 * address has all of its addresses (RFC 4291, 2.5.1), and could try anew from each.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  // IPv4-mapped (RFC 4291, 2.5.5.2), as sockets for both families give it.
  if (/^(0,){5}ffff,/.test(groups.join())) {
    const bytes = groups.slice(6).flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 255];
    });
    return bytes.join('.');
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}
