import { and, eq, isNull, newId, type ProviderNoticeId, type webhooks, withTenant } from '@/db';
import {
  type NoticeKind,
  type NoticeOutcome,
  providerNotices,
  webhookSubscriptions,
} from '@/db/schema';
import { enqueueJob } from '@/lib/jobs';
import { RetryLater } from '@/lib/limits';
import {
  ProviderError,
  type ProviderFailureKind,
  type ProviderKey,
  providerNames,
} from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { renewToken } from '../client';
import { deleteCredential } from '../credentials';
import { requestDiscovery } from '../discovery-request';
import { ConnectionUnusable } from '../errors';
import { transition } from '../states';

/** Kind of the job, and name of its event. */
export const noticeReceived = 'provider/notice';

/** What a provider has told, in our words and in its own. */
export interface Told {
  readonly provider: ProviderKey;
  readonly kind: NoticeKind;
  readonly event: string;
}

/** What a provider says of a token that nothing will bring back but people. */
const endings: readonly ProviderFailureKind[] = [
  'token_rejected',
  'needs_reconsent',
  'blocked_by_policy',
];

/** Seconds after which a provider that does not answer is asked again. */
const askAgainAfter = 30;

/**
 * Write down what a provider told about these connections, and ask for the work that follows: each in
 * its own tenant, found by our own records.
 */
export async function takeNotice(
  told: Told,
  about: readonly webhooks.NotifiedConnection[],
  requestId: string,
): Promise<void> {
  for (const { tenantId, connectionId } of about) {
    const actor = { type: 'system', id: null, name: providerNames[told.provider] } as const;
    const context: ActingContext = { tenantId, actor, requestId };
    await withTenant(context, async (tx) => {
      const id = newId<ProviderNoticeId>();
      const { kind, event } = told;
      await tx.insert(providerNotices).values({ tenantId, id, connectionId, kind, event });
      await enqueueJob(tx, context, { kind: noticeReceived, subjectId: id });
    });
  }
}

type Notice = typeof providerNotices.$inferSelect;

/**
 * Ask the provider whether the connection still has its authority. A notice alone decides nothing: it
 * may be late, about an earlier consent, or about somebody else's token.
 * @returns whether it has none any more; the connection's state says so by then
 * @throws RetryLater while the provider does not answer
 */
async function hasLostAuthority(context: ActingContext, notice: Notice): Promise<boolean> {
  try {
    if (await renewToken(context, notice.connectionId)) return false;
  } catch (error) {
    if (error instanceof ConnectionUnusable) return true;
    if (error instanceof ProviderError && endings.includes(error.kind)) return true;
    throw error;
  }
  throw new RetryLater(askAgainAfter, 'The provider does not answer at the moment');
}

/** The next look at subscriptions renews this one, or makes it anew. */
async function renewSubscription(
  context: ActingContext,
  { connectionId }: Notice,
  how: 'renew' | 'replace',
): Promise<void> {
  const own = and(
    eq(webhookSubscriptions.tenantId, context.tenantId),
    eq(webhookSubscriptions.connectionId, connectionId),
  );
  await withTenant(context, (tx) =>
    how === 'renew'
      ? tx.update(webhookSubscriptions).set({ renewAt: new Date() }).where(own)
      : tx.delete(webhookSubscriptions).where(own),
  );
}

async function questioned(context: ActingContext, notice: Notice): Promise<NoticeOutcome> {
  if (await hasLostAuthority(context, notice)) return 'confirmed';
  await renewSubscription(context, notice, 'renew');
  return 'contradicted';
}

async function uninstalled(context: ActingContext, notice: Notice): Promise<NoticeOutcome> {
  if (!(await hasLostAuthority(context, notice))) return 'contradicted';
  await withTenant(context, async (tx) => {
    await transition(tx, context, notice.connectionId, {
      type: 'disconnected',
      code: notice.event,
      reason:
        'Somebody removed Tenantry from the workspace in Slack. Connect again to bring it back.',
    });
    await deleteCredential(tx, context, notice.connectionId);
  });
  return 'confirmed';
}

/** Something may have happened of which nobody told us: look through everything again. */
async function lookAgain(context: ActingContext, { connectionId }: Notice): Promise<NoticeOutcome> {
  try {
    await withTenant(context, (tx) => requestDiscovery(tx, context, connectionId));
    return 'requested';
  } catch (error) {
    if (error instanceof ConnectionUnusable) return 'outdated';
    throw error;
  }
}

const handlers: Readonly<
  Record<NoticeKind, (context: ActingContext, notice: Notice) => Promise<NoticeOutcome>>
> = {
  authority_questioned: questioned,
  uninstalled,
  subscription_missed: lookAgain,
  async subscription_removed(context, notice) {
    await renewSubscription(context, notice, 'replace');
    return lookAgain(context, notice);
  },
};

/**
 * Do what follows from a notice, once.
 * @returns what came of it; null when it is done already or there is no such notice
 * @throws RetryLater, ProviderError
 */
export async function handleNotice(
  context: ActingContext,
  id: ProviderNoticeId,
): Promise<NoticeOutcome | null> {
  const open = and(
    eq(providerNotices.tenantId, context.tenantId),
    eq(providerNotices.id, id),
    isNull(providerNotices.handledAt),
  );
  const [notice] = await withTenant(context, (tx) => tx.select().from(providerNotices).where(open));
  if (!notice) return null;
  const outcome = await handlers[notice.kind](context, notice);
  await withTenant(context, (tx) =>
    tx.update(providerNotices).set({ outcome, handledAt: new Date() }).where(open),
  );
  return outcome;
}
