import { type TenantContext, tenantsToCount, withTenant } from '@/db';
import { inngest } from '@/lib/jobs';
import { logger } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { countTenant } from './count';
import { readStandings } from './limits';
import { measureIfDue } from './storage';
import { warnOwners } from './warn';

/** Tenants of one step: what is done is remembered when the engine is stopped. */
const batch = 200;

/** Tell of whatever limit is near; runs are told of when they are asked for as well. */
async function warnOfLimits({ tenantId }: TenantContext, now: Date): Promise<void> {
  const context: ActingContext = {
    tenantId,
    actor: { type: 'system', id: null, name: 'Tenantry' },
    requestId: `usage-${now.toISOString()}`,
  };
  await withTenant(context, async (tx) => {
    for (const standing of await readStandings(tx, tenantId, now)) {
      await warnOwners(tx, context, standing, now);
    }
  });
}

/** Of a tenant with very many rows it may take too long; nothing else waits for it. */
async function measure(context: TenantContext, now: Date): Promise<void> {
  try {
    await measureIfDue(context, now);
  } catch (error) {
    logger.error(
      { err: error, tenant_id: context.tenantId },
      'A tenant’s storage was not measured',
    );
  }
}

/**
 * All that is due for one tenant. One that fails keeps nobody else's back; the next hour makes up.
 * @returns whether it was counted
 */
export async function accountFor(context: TenantContext, now: Date): Promise<boolean> {
  try {
    await countTenant(context, now);
    await warnOfLimits(context, now);
  } catch (error) {
    logger.error({ err: error, tenant_id: context.tenantId }, 'A tenant’s use was not counted');
    return false;
  }
  await measure(context, now);
  return true;
}

/** Counts the closed hours of all tenants, a few minutes past each hour. */
export const usageCount = inngest.createFunction(
  {
    id: 'usage-count',
    name: 'Count what was used',
    triggers: [{ cron: '4 * * * *' }],
    concurrency: { limit: 1 },
    retries: 2,
  },
  async ({ step }) => {
    let tenants = 0;
    let failed = 0;
    let after: string | null = null;
    do {
      const from: string | null = after;
      const done: { count: number; failed: number; last: string | null } = await step.run(
        `count after ${from ?? 'the beginning'}`,
        async () => {
          const ids = await tenantsToCount(from, batch);
          let bad = 0;
          for (const tenantId of ids) if (!(await accountFor({ tenantId }, new Date()))) bad += 1;
          return { count: ids.length, failed: bad, last: ids.at(-1) ?? null };
        },
      );
      tenants += done.count;
      failed += done.failed;
      after = done.count === batch ? done.last : null;
    } while (after !== null);
    return { tenants, failed };
  },
);

/** What the background engine is given. */
export const usageFunctions = [usageCount] as const;
