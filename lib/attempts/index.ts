import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { sql, withIdentity } from '@/db';

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

/** Milliseconds to wait, when a limiter refused; undefined for any other error. */
export function waitOf(refusal: unknown): number | undefined {
  return refusal instanceof RateLimiterRes ? refusal.msBeforeNext : undefined;
}
