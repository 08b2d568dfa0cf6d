import { and, eq, sql, upkeep, withTenant } from '@/db';
import { credentials } from '@/db/schema';
import { RetryLater } from '@/lib/limits';
import { logger } from '@/lib/observability';
import type { ProviderKey } from '@/lib/providers';
import { renewToken } from '../client';
import { upkeepContext } from './context';

/**
 * A token is renewed 5 to 10 minutes ahead of its end, each connection at a moment of its own, if it
 * was used within a day. One that rests is renewed every week: Google takes back what was not used
 * for six months (https://developers.google.com/identity/protocols/oauth2#expiration).
 */
const window: upkeep.RefreshWindow = {
  ahead: 600,
  usedWithin: 86_400,
  rest: 604_800,
  perTenant: 20,
};
/** Slack's rotated tokens end for good after 12 hours: https://docs.slack.dev/authentication/using-token-rotation */
const restless: readonly ProviderKey[] = ['slack'];
/** Connections looked up at a time, and renewed side by side. */
const batch = 200;
const sideBySide = 8;
/** Seconds before the second attempt at a token that could not be renewed; doubles, up to an hour. */
const retrySeconds = 60;
const mostRetrySeconds = 3_600;

/** Put the next attempt off, further with each failure in a row. */
function putOff({ tenantId, connectionId }: upkeep.DueConnection): Promise<unknown> {
  const wait = sql`least(${mostRetrySeconds}, ${retrySeconds} * power(2, least(${credentials.refreshFailures}, 10)))`;
  return withTenant({ tenantId }, (tx) =>
    tx
      .update(credentials)
      .set({
        refreshFailures: sql`${credentials.refreshFailures} + 1`,
        refreshRetryAt: sql`now() + make_interval(secs => ${wait}::float8)`,
      })
      .where(and(eq(credentials.tenantId, tenantId), eq(credentials.connectionId, connectionId))),
  );
}

/** @returns whether the token is another one now; whatever stood in the way says itself what it means */
async function refreshOne(due: upkeep.DueToken): Promise<boolean> {
  const context = upkeepContext(due.tenantId);
  try {
    if (await renewToken(context, due.connectionId, due.tokenVersion)) return true;
  } catch (error) {
    const known = error instanceof RetryLater;
    const ids = { tenant_id: due.tenantId, connection_id: due.connectionId };
    if (!known)
      logger.warn({ err: error, ...ids }, 'a token could not be renewed ahead of its end');
  }
  await putOff(due);
  return false;
}

/** Renew these, so many at a time, until the time is over. */
async function refreshAll(
  all: readonly upkeep.DueToken[],
  deadline: number,
): Promise<{ tried: number; refreshed: number }> {
  const waiting = [...all];
  const counted = { tried: 0, refreshed: 0 };
  const worker = async () => {
    for (let due = waiting.shift(); due && Date.now() < deadline; due = waiting.shift()) {
      counted.tried += 1;
      if (await refreshOne(due)) counted.refreshed += 1;
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
  return counted;
}

/**
 * Renew the tokens that end soon, and those that have rested long. What cannot be renewed is tried
 * again later and later; the token in use stays until it ends.
 * @param forMs milliseconds after which nothing further is begun
 * @returns how many were renewed
 */
export async function refreshAhead(forMs = 40_000): Promise<number> {
  const deadline = Date.now() + forMs;
  let refreshed = 0;
  while (Date.now() < deadline) {
    const due = await upkeep.connectionsToRefresh(window, restless, batch);
    const round = await refreshAll(due, deadline);
    refreshed += round.refreshed;
    // What is left of a large tenant comes in a further round; what failed is put off.
    if (due.length === 0 || round.tried === 0) break;
  }
  return refreshed;
}
