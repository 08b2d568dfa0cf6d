import type { TenantContext } from '@/db';
import type { SealedEvent } from './events';

/** An event as it is streamed, with its place in the record. */
export function lineOf({ tenantId }: TenantContext, { sequence, event }: SealedEvent): object {
  return { tenant: tenantId, sequence, ...event };
}
