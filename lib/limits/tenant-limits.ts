import {
  and,
  count,
  eq,
  gt,
  isNull,
  type QueryParameters,
  type TenantContext,
  type TenantTransaction,
  tenantDb,
  tenantQuery,
} from '@/db';
import { automations, invitations, type KeptLonger, memberships, tenantLimits } from '@/db/schema';
import { readKeptLonger } from './retention';
import { type LimitUse, type OwnLimits, type TenantLimits, withDefaults } from './tenant-contract';

const columns = {
  automations: tenantLimits.automations,
  members: tenantLimits.members,
  runsAtOnce: tenantLimits.runsAtOnce,
  runsPerMonth: tenantLimits.runsPerMonth,
  providerBudgetPercent: tenantLimits.providerBudgetPercent,
  retentionRunsDays: tenantLimits.retentionRunsDays,
  retentionLogsDays: tenantLimits.retentionLogsDays,
  retentionResourcesDays: tenantLimits.retentionResourcesDays,
};

const limitsQuery = tenantQuery('tenant_limits', (db, p: QueryParameters<Record<never, never>>) =>
  db.select(columns).from(tenantLimits).where(eq(tenantLimits.tenantId, p.tenantId)),
);

/** What was said for one tenant, within a transaction of any door that may read it. */
export async function ownLimitsOf(
  { tenantId }: TenantContext,
  tx: TenantTransaction,
): Promise<OwnLimits | undefined> {
  const [row] = await tx
    .select(columns)
    .from(tenantLimits)
    .where(eq(tenantLimits.tenantId, tenantId));
  return row;
}

/**
 * A tenant's limits in force now, the platform's defaults filled in. Of how long things are kept it has
 * what was said: see `retentionSaid`.
 * @param tx the transaction that acts by them, if there is one; staff's will do
 */
export async function limitsOf(
  context: TenantContext,
  tx?: TenantTransaction,
): Promise<TenantLimits> {
  if (tx) return withDefaults(await ownLimitsOf(context, tx));
  const [row] = await limitsQuery({ tenantId: context.tenantId }, {});
  return withDefaults(row);
}

/** What was said of a tenant's retention, and what holds on for as long as its owners have notice. */
export interface RetentionSaid {
  readonly limits: TenantLimits;
  readonly keptLonger: readonly KeptLonger[];
}

/**
 * Both in one look: between two, a lower figure could be read without what holds on in spite of it.
 * @param db what reads: a transaction of staff's; the tenant's own door without one
 */
export async function retentionSaid(context: TenantContext, db?: Reader): Promise<RetentionSaid> {
  const [row] = await (db ?? tenantDb(context))
    .select({ ...columns, keptLonger: tenantLimits.keptLonger })
    .from(tenantLimits)
    .where(eq(tenantLimits.tenantId, context.tenantId));
  const keptLonger = row ? readKeptLonger(context.tenantId, row.keptLonger) : [];
  return { limits: withDefaults(row), keptLonger };
}

/** The first moment of this calendar month in UTC. */
export function monthBegan(now = new Date()): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
}

type Reader = Pick<TenantTransaction, 'select'>;
type Tenant = TenantContext['tenantId'];

/** How many automations a tenant has. */
export async function countAutomations(db: Reader, tenantId: Tenant): Promise<number> {
  const [row] = await db
    .select({ total: count() })
    .from(automations)
    .where(and(eq(automations.tenantId, tenantId), isNull(automations.archivedAt)));
  return row?.total ?? 0;
}

/** How many members a tenant has or has invited. */
export async function countMembers(db: Reader, tenantId: Tenant): Promise<number> {
  const [joined] = await db
    .select({ total: count() })
    .from(memberships)
    .where(eq(memberships.tenantId, tenantId));
  const [invited] = await db
    .select({ total: count() })
    .from(invitations)
    .where(
      and(
        eq(invitations.tenantId, tenantId),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
        gt(invitations.expiresAt, new Date()),
      ),
    );
  return (joined?.total ?? 0) + (invited?.total ?? 0);
}

/**
 * How much a tenant has of what it may have at a time; what it uses up is counted by lib/usage.
 * @param db what reads: a transaction of staff's; the tenant's own door without one
 */
export async function limitUse(
  context: TenantContext,
  db?: Reader,
): Promise<Omit<LimitUse, 'runsPerMonth'>> {
  const { tenantId } = context;
  const reader = db ?? tenantDb(context);
  return {
    automations: await countAutomations(reader, tenantId),
    members: await countMembers(reader, tenantId),
  };
}
