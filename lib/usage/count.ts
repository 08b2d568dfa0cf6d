import {
  eq,
  sql,
  type TenantContext,
  type TenantId,
  type TenantTransaction,
  withTenant,
} from '@/db';
import { tenants, usageHours, usageStates } from '@/db/schema';
import { hourOf } from './period';
import { countedHours } from './recount';
import { lockState } from './state';

const hourMs = 3_600_000;

/**
 * Closed hours that are recounted each time: rows are stamped when they are written, but are seen only
 * when their transaction ends. Shorter than the shortest retention (a day), so that no hour is counted
 * again after its records have gone.
 */
const lateHours = 12;

/** Hours counted in one transaction when there is a past to make up for. */
const mostHours = 7 * 24;

/** Where counting begins: with the tenant. */
async function beginningOf(tx: TenantTransaction, tenantId: TenantId): Promise<Date> {
  const [tenant] = await tx
    .select({ at: tenants.createdAt })
    .from(tenants)
    .where(eq(tenants.id, tenantId));
  return hourOf(tenant?.at ?? new Date());
}

/** Bring the hours from `from` until before `to` to what the records say, whatever stood there. */
async function store(
  tx: TenantTransaction,
  tenantId: TenantId,
  span: { readonly from: Date; readonly to: Date },
  storageBytes: number | null,
): Promise<void> {
  const { from, to } = span;
  await tx.execute(sql`
    with counted as materialized (${countedHours(tenantId, from, to)}), gone as (
      delete from ${usageHours} where ${usageHours.tenantId} = ${tenantId}
         and ${usageHours.hour} >= ${from.toISOString()} and ${usageHours.hour} < ${to.toISOString()}
         and ${usageHours.hour} not in (select hour from counted)
    )
    insert into ${usageHours} as known
      (tenant_id, id, hour, runs, steps, provider_calls, effects, active_members, storage_bytes)
    select ${tenantId}::uuid, gen_random_uuid(), hour, runs, steps, calls, effects, members,
           ${storageBytes}::bigint
      from counted
    on conflict (tenant_id, hour) do update
       set runs = excluded.runs, steps = excluded.steps, provider_calls = excluded.provider_calls,
           effects = excluded.effects, active_members = excluded.active_members, counted_at = now()
     where (known.runs, known.steps, known.provider_calls, known.effects, known.active_members)
           is distinct from (excluded.runs, excluded.steps, excluded.provider_calls,
                             excluded.effects, excluded.active_members)`);
}

/** One transaction's worth. @returns whether there is more to make up for */
function countSome(context: TenantContext, end: Date): Promise<boolean> {
  const { tenantId } = context;
  return withTenant(context, async (tx) => {
    const state = await lockState(tx, tenantId);
    if (!state) return false;
    const { countedUntil, storageBytes } = state;
    const from = countedUntil
      ? new Date(countedUntil.getTime() - lateHours * hourMs)
      : await beginningOf(tx, tenantId);
    const to = new Date(Math.min(end.getTime(), from.getTime() + mostHours * hourMs));
    if (to <= from) return false;
    await store(tx, tenantId, { from, to }, storageBytes);
    await tx
      .update(usageStates)
      .set({ countedUntil: sql`greatest(${usageStates.countedUntil}, ${to.toISOString()})` })
      .where(eq(usageStates.tenantId, tenantId));
    return to < end;
  });
}

/**
 * Count a tenant's closed hours: those that nobody has counted yet, and the latest once more for what
 * came late. Done again, or after it was cut short, it comes to the same.
 */
export async function countTenant(context: TenantContext, now = new Date()): Promise<void> {
  const end = hourOf(now);
  while (await countSome(context, end));
}
