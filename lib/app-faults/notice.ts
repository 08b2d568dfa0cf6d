import { appFaults, type TenantId } from '@/db';
import type { AppFaultArea } from '@/db/schema';
import { lookSoon } from '@/lib/alerts';
import type { RetryLater } from '@/lib/limits';
import { logger } from '@/lib/observability';
import type { ProviderError, ProviderKey } from '@/lib/providers';
import { firstProbeSeconds, forgetFaults, pausedFor, readFaults } from './gate';

/** Organisations that must have met a doubtful code before it is taken for ours. */
const fewest = 2;

/** Where an operation of an adapter belongs: `oauth.refresh` is the token endpoint's. */
const areaOf = (operation: string): AppFaultArea =>
  operation.startsWith('oauth.') ? 'token' : 'api';

/**
 * A provider has refused our own client: on record, staff are told within seconds, and everybody's
 * calls to it wait from now on.
 * @returns what to throw in place of the failure
 */
export async function noticeAppFault(error: ProviderError): Promise<RetryLater> {
  const { provider, operation, failure } = error;
  const area = areaOf(operation);
  const seen = { provider, code: failure.code, area };
  const opened = await appFaults.seeFault(seen, firstProbeSeconds);
  forgetFaults();
  if (opened) {
    logger.error(
      { provider, operation, code: failure.code },
      'the provider refuses our own client: check its id, secret and redirect address',
    );
    lookSoon();
  }
  return pausedFor(provider, firstProbeSeconds);
}

/** A provider has answered as it should: its fault of this area, if there was one, is over. */
export async function noticeSuccess(provider: ProviderKey, area: AppFaultArea): Promise<void> {
  const open = (await readFaults()).some((one) => one.provider === provider && one.area === area);
  if (!open) return;
  const cleared = await appFaults.clearFault(provider, area);
  forgetFaults();
  if (!cleared) return;
  logger.info({ provider }, 'the provider accepts our own client again');
  lookSoon();
}

/**
 * Whether a refusal that reads like one organisation's policy is our own fault: when it has hit two
 * or more within the hour, and nobody who has not met it is connected.
 * @returns the organisations that have met it, when it is ours; null when it is theirs
 */
export async function blamesUs(
  error: ProviderError,
  tenantId: TenantId,
): Promise<readonly TenantId[] | null> {
  const { failure, provider } = error;
  if (failure.kind !== 'blocked_by_policy' || !failure.doubtful || !failure.code) return null;
  const { doubting, others } = await appFaults.doubtApp(provider, failure.code, tenantId);
  return doubting.length >= fewest && others === 0 ? doubting : null;
}
