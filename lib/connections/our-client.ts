import { noticeAppFault, noticeSuccess, type Passage, passGate } from '@/lib/app-faults';
import { logger } from '@/lib/observability';
import type { ProviderError, ProviderWay } from '@/lib/providers';

/**
 * Whether a way goes through our own client at the provider. An organisation's own service account
 * does not: it works on while our client is refused, and says nothing of it.
 */
const isOurs = ({ form }: ProviderWay) => form !== 'service_account';

/** @throws RetryLater while the provider refuses our client: see `passGate` */
export async function passOurGate(way: ProviderWay): Promise<Passage> {
  return isOurs(way) ? passGate(way.provider) : null;
}

/** The provider has taken our client, where it was ours. */
export async function noticeOurs(way: ProviderWay, area: 'token' | 'api'): Promise<void> {
  if (isOurs(way)) await noticeSuccess(way.provider, area);
}

/** A fault that is not the tenant's. @returns the error to throw for it */
export async function faultOfOurs(way: ProviderWay, error: ProviderError): Promise<Error> {
  if (isOurs(way)) return noticeAppFault(error);
  const { operation, failure } = error;
  logger.error(
    { operation, code: failure.code },
    'an assertion of ours was refused: see the clock',
  );
  return error;
}
