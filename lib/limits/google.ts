import type { Dimensions, MeteredCall, Taking } from './bucket';

/**
 * Held at the published limits: in any minute at most `capacity + 60 × perSecond` units are spent.
 *
 * - Gmail 6,000 quota units a minute and user; Calendar and Drive are taken from the same bucket at
 *   prices that keep them below theirs:
 *   https://developers.google.com/workspace/gmail/api/reference/quota
 * - Directory 2,400 queries a minute, user and project:
 *   https://developers.google.com/workspace/admin/directory/v1/limits
 */
export const googleDimensions: Dimensions = {
  person: { budget: { capacity: 3_000, perSecond: 50 }, title: 'Mail, calendar and files' },
  directory: { budget: { capacity: 1_200, perSecond: 20 }, title: 'Directory' },
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
const prices: readonly Price[] = [
  { method: 'POST', path: /\/messages\/send$/, units: 100 },
  { path: /\/messages\/batch/, units: 50 },
  { method: 'POST', path: /\/gmail\/v1\//, units: 5 },
  { path: /\/gmail\/v1\/users\/[^/]+\/(messages|threads|drafts)/, units: 5 },
  { path: /\/gmail\/v1\//, units: 1 },
  { path: /\/calendar\/v3\//, units: 10 },
  { path: /\/drive\/v3\//, units: 2 },
];

export function googleDemands({ method, path, subject }: MeteredCall): readonly Taking[] {
  if (path.startsWith('/admin/directory/')) return [{ kind: 'directory', units: 1 }];
  const price = prices.find(
    (candidate) =>
      (candidate.method === undefined || candidate.method === method) && candidate.path.test(path),
  );
  return [{ kind: 'person', which: subject, units: price?.units ?? 1 }];
}
