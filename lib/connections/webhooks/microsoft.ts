import { createHash } from 'node:crypto';
import { z } from 'zod';
import { webhooks } from '@/db';
import type { NoticeKind } from '@/db/schema';
import { putOnRecord } from '@/lib/denials';
import { PublicError } from '@/lib/errors';
import { logger } from '@/lib/observability';
import { takeNotice } from './notice';
import { type Delivery, parsedJson, readRaw, refusal } from './request';
import { isNoticeSecret } from './secret';

const item = z.object({
  subscriptionId: z.string().min(1).max(200),
  clientState: z.string().max(255).nullish(),
  lifecycleEvent: z.string().max(100).nullish(),
});

/** Notices in one call: each of ours is written down by itself. */
const mostNotices = 100;
const payload = z.object({ value: z.array(item).min(1).max(mostNotices) });
type Item = z.output<typeof item>;

/** https://learn.microsoft.com/graph/change-notifications-lifecycle-events */
const kinds: Readonly<Record<string, NoticeKind>> = {
  reauthorizationRequired: 'authority_questioned',
  subscriptionRemoved: 'subscription_removed',
  missed: 'subscription_missed',
};

/** Seconds in which the same notice, word for word, is a repetition. */
const repeatedFor = 300;

/** Graph asks whether an address is ours by a token that it wants back, as plain text. */
function handshake(token: string): Response {
  if (token.length > 2_048) throw new PublicError('malformed', 'This is no token of Graph’s.');
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(token, { status: 200, headers });
}

type Holder = Awaited<ReturnType<typeof webhooks.subscriptionsNamed>>[number];

interface Verified {
  /** Notices of ours, with whose they are. */
  readonly ours: readonly (readonly [notice: Item, owner: Holder])[];
  /** Who holds a subscription that was named without its secret. */
  readonly forged: ReadonlySet<Holder>;
}

/** Whose notices are: by our own record of the subscriptions and by the secrets that we gave Graph. */
async function verified(notices: readonly Item[]): Promise<Verified> {
  const ids = [...new Set(notices.map(({ subscriptionId }) => subscriptionId))];
  const holders = await webhooks.subscriptionsNamed(ids);
  const ours: [Item, Holder][] = [];
  const forged = new Set<Holder>();
  for (const notice of notices) {
    const named = holders.filter((one) => one.subscriptionId === notice.subscriptionId);
    const owner = named.find(({ secretHash }) =>
      isNoticeSecret(notice.clientState ?? '', secretHash),
    );
    if (owner) ours.push([notice, owner]);
    else for (const one of named) forged.add(one);
  }
  return { ours, forged };
}

/** Somebody names a subscription of theirs and does not know its secret: on their record. */
async function recordForgery(forged: Iterable<Holder>, { facts }: Delivery): Promise<void> {
  for (const { tenantId, connectionId } of forged) {
    await putOnRecord({
      tenantId,
      actor: null,
      reason: 'forged_notice',
      method: facts.method,
      path: facts.path,
      requestId: facts.requestId,
      ipAddress: facts.ipAddress,
      userAgent: facts.userAgent,
      details: { connectionId, provider: 'microsoft' },
    });
  }
}

async function followNotice(notice: Item, owner: Holder, requestId: string): Promise<void> {
  const { lifecycleEvent } = notice;
  const kind = lifecycleEvent ? kinds[lifecycleEvent] : undefined;
  // A change of what we subscribed to: the next discovery finds it.
  if (!lifecycleEvent || !kind) return;
  const words = createHash('sha256').update(JSON.stringify(notice)).digest('base64url');
  const event = `microsoft/notice/${words}`;
  if ((await webhooks.claimDelivery({ event, lifetime: repeatedFor })) !== 'new') return;
  logger.info({ event: lifecycleEvent }, 'Microsoft Graph told us of a subscription');
  await takeNotice({ provider: 'microsoft', kind, event: lifecycleEvent }, [owner], requestId);
  await webhooks.closeDelivery(event);
}

/**
 * Take in what Microsoft Graph sends about our subscriptions, and answer when it asks whether the
 * address is ours. A job does what follows.
 * @throws PublicError `not_found` when nothing in it is about a subscription of ours with its secret;
 *   `malformed`, `too_large`, `rate_limited`
 */
export async function receiveGraphNotice(delivery: Delivery): Promise<Response> {
  const token = new URL(delivery.request.url).searchParams.get('validationToken');
  if (token !== null) return handshake(token);
  const body = await readRaw(delivery);
  const parsed = payload.safeParse(parsedJson(body));
  if (!parsed.success) throw new PublicError('malformed', 'This is no notice of Graph’s.');
  const { ours, forged } = await verified(parsed.data.value);
  for (const [notice, owner] of ours) {
    await followNotice(notice, owner, delivery.facts.requestId);
  }
  const accepted = new Response(null, { status: 202 });
  if (ours.length > 0 && forged.size === 0) return accepted;
  const refused = await refusal('microsoft', delivery, 'unknown_subscription', [
    'not_found',
    'There is no such subscription.',
  ]);
  if (refused.code !== 'rate_limited') await recordForgery(forged, delivery);
  if (ours.length > 0) return accepted;
  throw refused;
}
