/** What an answer says of the budget that its call was taken from. */
export interface BudgetAnswer {
  /** Seconds for which nothing more may be taken; null when it says nothing of the kind. */
  readonly pauseSeconds: number | null;
  /** The provider warns that its limit is near. */
  readonly slow: boolean;
}

/** Seconds to wait where a provider throttles and does not say for how long. */
const usualPause = 10;
/** Microsoft sends its header from here on: the share of the limit that is used up. */
const warnFrom = 0.8;

/** Retry-After in seconds, given as such or as a date (RFC 9110 §10.2.3); null without one. */
export function retryAfterSeconds(headers: Headers, now = Date.now()): number | null {
  const value = headers.get('retry-after')?.trim();
  if (!value) return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value));
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1_000));
}

/**
 * Reasons with which Google throttles by 403:
 * https://developers.google.com/workspace/gmail/api/guides/handle-errors
 */
const googleReasons =
  /"(userRateLimitExceeded|rateLimitExceeded|quotaExceeded|sharingRateLimitExceeded)"/;

/** `x-ms-throttle-limit-percentage`, https://learn.microsoft.com/graph/throttling: 0.8 to 1.8. */
function warns(headers: Headers): boolean {
  const share = Number(headers.get('x-ms-throttle-limit-percentage') ?? Number.NaN);
  return share >= warnFrom;
}

/** Read what an answer says of its call's budget; its body stays unread. */
export async function budgetAnswer(response: Response): Promise<BudgetAnswer> {
  const { status, headers } = response;
  const slow = warns(headers);
  const asked = retryAfterSeconds(headers);
  if (status === 429) return { pauseSeconds: asked ?? usualPause, slow };
  if (status === 503) return { pauseSeconds: asked, slow };
  if (status === 403 && googleReasons.test(await response.clone().text())) {
    return { pauseSeconds: asked ?? usualPause, slow };
  }
  return { pauseSeconds: null, slow };
}
