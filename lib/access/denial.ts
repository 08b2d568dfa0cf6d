import { type TenantId, type UserId, withTenant } from '@/db';
import { type DenialReason, tenantAccessLogs } from '@/db/schema';
import { logger } from '@/lib/observability';
import type { RequestFacts } from './request';

interface Denied {
  readonly tenantId: TenantId;
  readonly userId: UserId | null;
}

/**
 * Put a refused access on record, in a transaction of its own: what was refused has none.
 * A failure to record is logged and does not change the answer.
 */
export async function recordDenial(
  facts: RequestFacts,
  who: Denied,
  reason: DenialReason,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  try {
    await withTenant({ tenantId: who.tenantId }, (tx) =>
      tx.insert(tenantAccessLogs).values({
        tenantId: who.tenantId,
        userId: who.userId,
        ipAddress: facts.ipAddress ?? null,
        method: facts.method,
        path: facts.path,
        reason,
        requestId: facts.requestId,
        details,
      }),
    );
  } catch (error) {
    logger.error(
      { err: error, reason, request_id: facts.requestId },
      'a denial could not be recorded',
    );
  }
}
