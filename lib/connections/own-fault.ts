import { and, eq, gt, sql, type TenantId, withTenant } from '@/db';
import { connections } from '@/db/schema';
import { blamesUs } from '@/lib/app-faults';
import { ProviderError, type ProviderKey } from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { transition } from './states';

/**
 * A refusal that reads like this organisation's policy, as a fault of our own client when every
 * organisation meets it; any other as it is. Organisations that were blamed before it was known get
 * their connections back.
 */
export async function ownFaultOr(
  { tenantId }: ActingContext,
  error: ProviderError,
): Promise<ProviderError> {
  const blamed = await blamesUs(error, tenantId);
  if (blamed === null) return error;
  for (const tenant of blamed) await liftBlame(tenant, error.provider);
  const { status, code } = error.failure;
  const failure = { kind: 'app_fault', status, code } as const;
  return new ProviderError(error.provider, error.operation, failure, error.ambiguous, {
    cause: error,
  });
}

/** Connections blocked within the hour; what blocks one for another reason does so again. */
async function liftBlame(tenantId: TenantId, provider: ProviderKey): Promise<void> {
  const context: ActingContext = {
    tenantId,
    actor: { type: 'system', id: null, name: 'Tenantry' },
    requestId: `app-fault-${provider}`,
  };
  await withTenant(context, async (tx) => {
    const rows = await tx
      .select({ id: connections.id })
      .from(connections)
      .where(
        and(
          eq(connections.tenantId, tenantId),
          eq(connections.provider, provider),
          eq(connections.state, 'blocked_by_policy'),
          gt(connections.stateChangedAt, sql`now() - interval '1 hour'`),
        ),
      );
    for (const { id } of rows) await transition(tx, context, id, { type: 'blame_lifted' });
  });
}
