import {
  acrossTenants,
  and,
  asc,
  ne,
  newId,
  type TenantContext,
  type TenantId,
  withIdentity,
  withTenant,
} from '@/db';
import { retentionPurges, tenants } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { limitsAt, retentionSaid } from '@/lib/limits';
import { logger } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { type RetentionKind, retentionKinds } from '../contract';
import { purgeBatch } from './batches';
import { daysKept } from './kinds';

const kinds = Object.keys(retentionKinds) as readonly RetentionKind[];
const day = 86_400_000;

/** What was deleted of one kind. */
export interface Purged {
  readonly kind: RetentionKind;
  readonly days: number;
  readonly before: Date;
  readonly rows: number;
}

function context(tenantId: TenantId): ActingContext {
  const actor = { type: 'system', id: null, name: 'Tenantry' } as const;
  return { tenantId, actor, requestId: `retention-${newId()}` };
}

/** Figures for the tenant and for staff, and the event on the tenant's record. */
function putOnRecord(acting: ActingContext, { kind, days, before, rows }: Purged) {
  return withTenant(acting, async (tx) => {
    const { tenantId } = acting;
    await tx.insert(retentionPurges).values({ tenantId, kind, days, before, rows });
    await recordAudit(tx, acting, {
      action: 'retention.purged',
      target: { type: 'retention', id: kind, name: retentionKinds[kind] },
      details: { kind, days, before: before.toISOString(), rows },
    });
  });
}

/**
 * Delete what one tenant keeps no longer, in batches of transactions of their own. The audit record
 * is never among it: an event that is missing could not be told from one that was taken away.
 * @param now what the days are counted from
 */
export async function purgeTenant(
  { tenantId }: TenantContext,
  now = new Date(),
): Promise<readonly Purged[]> {
  const acting = context(tenantId);
  const kept = daysKept(limitsAt(await retentionSaid(acting), now));
  const purged: Purged[] = [];
  for (const kind of kinds) {
    const before = new Date(now.getTime() - kept[kind] * day);
    let rows = 0;
    try {
      for (let gone = 1; gone > 0; rows += gone) gone = await purgeBatch[kind](acting, before);
    } finally {
      // Also of what was cut short.
      if (rows > 0) {
        const done = { kind, days: kept[kind], before, rows };
        await putOnRecord(acting, done);
        purged.push(done);
      }
    }
  }
  return purged;
}

function tenantsKept(): Promise<TenantId[]> {
  return withIdentity(async (tx) => {
    const rows = await tx
      .select({ id: tenants.id })
      .from(tenants)
      .where(
        and(ne(tenants.state, 'deleting'), acrossTenants('what is too old goes, whoever’s it is')),
      )
      .orderBy(asc(tenants.id));
    return rows.map(({ id }) => id);
  });
}

/**
 * The same for every tenant. One that cannot be purged keeps nobody else's rows longer.
 * @returns how many tenants had something to delete, and rows by kind
 */
export async function purgeAll(): Promise<{
  readonly tenants: number;
  readonly failed: number;
  readonly rows: Readonly<Partial<Record<RetentionKind, number>>>;
}> {
  const rows: Partial<Record<RetentionKind, number>> = {};
  let [purgedTenants, failed] = [0, 0];
  for (const tenantId of await tenantsKept()) {
    try {
      const purged = await purgeTenant({ tenantId });
      if (purged.length > 0) purgedTenants += 1;
      for (const one of purged) rows[one.kind] = (rows[one.kind] ?? 0) + one.rows;
    } catch (error) {
      failed += 1;
      logger.error({ err: error, tenant_id: tenantId }, 'What is too old could not be deleted');
    }
  }
  return { tenants: purgedTenants, failed, rows };
}
