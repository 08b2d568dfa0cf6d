import type { DiscoveryId } from '@/db';
import {
  inngest,
  type JobEvent,
  jobContext,
  noticeForgedContext,
  type PutOff,
  patiently,
} from '@/lib/jobs';
import { logger, withLogContext } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { unprovenConsent } from './consent-unproven';
import { beginDiscovery, discoverPhase, failDiscovery, finishDiscovery } from './discovery';
import { discoveryRequested } from './discovery-request';
import { incidentNotice } from './incidents/functions';
import { StepPutOff } from './job-errors';
import { grantRevocation } from './revoke-functions';
import { connectionUpkeep } from './upkeep/functions';
import { deliveryPurge, providerNotice, subscriptionUpkeep } from './webhooks';

/** Discoveries of one organisation side by side: enough for a few accounts, no crowd. */
const discoveriesPerTenant = 3;
/** With the engine's backoff these last well beyond a provider's bad minutes. */
const retries = 6;

interface Scope {
  readonly context: ActingContext;
  readonly id: DiscoveryId;
}

/** Work under the tenant of the job's own row, with its ids on every log line. */
async function inScope<Result>(
  event: JobEvent,
  work: (scope: Scope) => Promise<Result>,
): Promise<Result> {
  const job = await jobContext(event);
  const { context, subjectId } = job;
  const { tenantId, requestId } = context;
  return withLogContext({ tenantId, requestId }, async () => {
    try {
      return await noticeForgedContext(job, () => work({ context, id: subjectId as DiscoveryId }));
    } catch (error) {
      logger.warn({ err: error, discovery_id: subjectId }, 'a step of a discovery failed');
      throw error;
    }
  });
}

/** A step that has only to wait is put off: it has not failed. */
async function orPutOff<Result>(work: () => Promise<Result>): Promise<Result | PutOff> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StepPutOff) return { putOffFor: error.seconds };
    throw error;
  }
}

/** Looks at everything an account has. Each phase is a step: after a crash it goes on from there. */
export const discovery = inngest.createFunction(
  {
    id: 'discovery',
    name: 'Discover resources',
    triggers: [{ event: discoveryRequested }],
    retries,
    concurrency: { limit: discoveriesPerTenant, key: 'event.data.tenantId' },
    onFailure: async ({ event, step }) => {
      await patiently(step, 'fail', () =>
        inScope(event.data.event, ({ context, id }) => failDiscovery(context, id)),
      );
    },
  },
  async ({ event, step }) => {
    const begun = await patiently(step, 'begin', () =>
      inScope(event, ({ context, id }) => orPutOff(() => beginDiscovery(context, id))),
    );
    for (const phase of begun.phases) {
      await patiently(step, phase, () =>
        inScope(event, ({ context }) =>
          orPutOff(async () => {
            await discoverPhase(context, begun, phase);
            return null;
          }),
        ),
      );
    }
    return patiently(step, 'finish', () =>
      inScope(event, ({ context }) => finishDiscovery(context, begun)),
    );
  },
);

/** What the background engine is given. */
export const connectionFunctions = [
  discovery,
  incidentNotice,
  connectionUpkeep,
  unprovenConsent,
  grantRevocation,
  providerNotice,
  deliveryPurge,
  subscriptionUpkeep,
] as const;
