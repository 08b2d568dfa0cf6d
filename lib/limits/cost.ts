import type { ProviderKey } from '@/db/schema';

/** A token bucket: what one account may spend at once, and what flows back every second. */
export interface Budget {
  readonly capacity: number;
  readonly perSecond: number;
}

/**
 * Budgets per account. In any minute at most `capacity + 60 × perSecond` units are spent, which is
 * held at the provider's published limit.
 *
 * - google: 6,000 quota units a minute and user,
 *   https://developers.google.com/workspace/gmail/api/reference/quota
 * - microsoft: Outlook takes 10,000 requests in 10 minutes per app and mailbox, 1,000 a minute,
 *   https://learn.microsoft.com/graph/throttling-limits
 * - slack: the slowest tier in use is 20 requests a minute and method,
 *   https://api.slack.com/apis/rate-limits
 */
export const budgets: Readonly<Record<ProviderKey, Budget>> = {
  google: { capacity: 3_000, perSecond: 50 },
  microsoft: { capacity: 400, perSecond: 10 },
  slack: { capacity: 8, perSecond: 0.2 },
};

/** One kind of call and what it costs; the first that fits counts. */
interface Price {
  readonly method?: string;
  readonly path: RegExp;
  readonly units: number;
}

/**
 * Gmail's own prices by method. Calendar allows 600 requests a minute and user, a tenth of the
 * budget; Drive 325,000 units at up to 100 a listing, so 2 of ours keep it below.
 * https://developers.google.com/workspace/gmail/api/reference/quota,
 * https://developers.google.com/workspace/calendar/api/guides/quota,
 * https://developers.google.com/workspace/drive/api/guides/limits
 */
const googlePrices: readonly Price[] = [
  { method: 'POST', path: /\/messages\/send$/, units: 100 },
  { path: /\/messages\/batch/, units: 50 },
  { method: 'POST', path: /\/gmail\/v1\//, units: 5 },
  { path: /\/gmail\/v1\/users\/[^/]+\/(messages|threads|drafts)/, units: 5 },
  { path: /\/gmail\/v1\//, units: 1 },
  { path: /\/calendar\/v3\//, units: 10 },
  { path: /\/drive\/v3\//, units: 2 },
];

const prices: Readonly<Record<ProviderKey, readonly Price[]>> = {
  google: googlePrices,
  microsoft: [],
  slack: [],
};

/** What a call takes from the account's budget, in the provider's units. */
export function costOf(provider: ProviderKey, method: string, path: string): number {
  const price = prices[provider].find(
    (candidate) =>
      (candidate.method === undefined || candidate.method === method) && candidate.path.test(path),
  );
  return price?.units ?? 1;
}
