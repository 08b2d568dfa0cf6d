import {
  and,
  eq,
  isNull,
  newId,
  type ProviderNoticeId,
  type TenantTransaction,
  type webhooks,
  withTenant,
} from '@/db';
import { type NoticeKind, type NoticeOutcome, providerNotices } from '@/db/schema';
import { enqueueJob } from '@/lib/jobs';
import { type ProviderKey, providerNames } from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { withdrawOpenLinks } from '../consent-links';
import { deleteCredential, loadCredential } from '../credentials';
import { requestDiscovery } from '../discovery-request';
import { ConnectionUnusable } from '../errors';
import { lockConnection } from '../find';
import { transition } from '../states';
import { restingStandingOf, type Standing, standingOf } from './standing';
import { unsubscribe } from './subscriptions';

/** Kind of the job, and name of its event. */
export const noticeReceived = 'provider/notice';

/** What a provider has told, in our words and in its own. */
export interface Told {
  readonly provider: ProviderKey;
  readonly kind: NoticeKind;
  readonly event: string;
}

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

/** What comes of a notice that the authority has ended, by what the provider says of it when asked. */
const outcomes: Readonly<Record<Standing, NoticeOutcome>> = {
  intact: 'contradicted',
  lost: 'confirmed',
  unasked: 'outdated',
};

/**
 * The next look at subscriptions makes another one, with a secret of its own. A notice of Graph's is
 * not signed and bears no time: whoever has seen one knows all that it takes to send it again, as
 * long as its subscription lasts.
 */
const replaceSubscription = (context: ActingContext, { connectionId }: Notice): Promise<void> =>
  unsubscribe(context, connectionId);

async function questioned(context: ActingContext, notice: Notice): Promise<NoticeOutcome> {
  const standing = await standingOf(context, notice.connectionId);
  if (standing === 'intact') await replaceSubscription(context, notice);
  return outcomes[standing];
}

/** Which consent the connection holds; null when none. */
const consentHeld = async (
  tx: TenantTransaction,
  context: ActingContext,
  { connectionId }: Notice,
): Promise<number | null> => (await loadCredential(tx, context, connectionId))?.generation ?? null;

async function uninstalled(context: ActingContext, notice: Notice): Promise<NoticeOutcome> {
  const { connectionId } = notice;
  const asked = await withTenant(context, (tx) => consentHeld(tx, context, notice));
  const inUse = await standingOf(context, connectionId);
  const standing = inUse === 'unasked' ? await restingStandingOf(context, connectionId) : inUse;
  if (standing !== 'lost') return outcomes[standing];
  return withTenant(context, async (tx) => {
    await lockConnection(tx, context, connectionId);
    // Somebody has connected it again meanwhile.
    if ((await consentHeld(tx, context, notice)) !== asked) return 'outdated';
    await transition(tx, context, connectionId, {
      type: 'disconnected',
      code: notice.event,
      reason:
        'Somebody removed Tenantry from the workspace in Slack. Connect again to bring it back.',
    });
    await deleteCredential(tx, context, connectionId);
    await withdrawOpenLinks(tx, context, connectionId);
    return 'confirmed';
  });
}

/** Something may have happened of which nobody told us: look through everything again. */
async function replaceAndLookAgain(context: ActingContext, notice: Notice): Promise<NoticeOutcome> {
  const { connectionId } = notice;
  await replaceSubscription(context, notice);
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
  subscription_missed: replaceAndLookAgain,
  subscription_removed: replaceAndLookAgain,
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
