import type { TenantContext } from '@/db';
import { ocsfOf } from '@/lib/audit';
import type { StreamedEvent } from './events';

/** An event as it is streamed: as OCSF has it, with its place in the record. */
export function lineOf({ tenantId }: TenantContext, { sequence, event }: StreamedEvent): object {
  const shape = ocsfOf(event, tenantId);
  return sequence === null ? shape : { ...shape, metadata: { ...shape.metadata, sequence } };
}
