import { and, count, desc, eq, isNull, type PlatformTransaction, type TenantId } from '@/db';
import {
  connections,
  memberships,
  runs,
  tenantAccessLogs,
  tenantSuspensions,
  tenants,
} from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { found } from '@/lib/errors';
import type { TenantHead, TenantOverview } from './contract';
import { lookAsStaff } from './look';
import { onboardingOf, openInvitations } from './tenant-onboarding';

const recent = 10;

/** @throws PublicError `not_found` */
export async function headOf(tx: PlatformTransaction, tenantId: TenantId): Promise<TenantHead> {
  const [tenant] = await tx
    .select({
      id: tenants.id,
      name: tenants.name,
      state: tenants.state,
      createdAt: tenants.createdAt,
    })
    .from(tenants)
    .where(eq(tenants.id, tenantId));
  const { createdAt, ...known } = found(tenant);
  return { ...known, createdAt: createdAt.toISOString() };
}

/**
 * What stands above each page of a tenant.
 * @throws PublicError `not_found`
 */
export function tenantHead(staff: StaffContext, tenantId: TenantId): Promise<TenantHead> {
  return lookAsStaff(staff, { action: 'tenant.opened', tenantId }, (tx) => headOf(tx, tenantId));
}

async function suspensionOf(tx: PlatformTransaction, tenantId: TenantId) {
  const [row] = await tx
    .select({
      since: tenantSuspensions.createdAt,
      by: tenantSuspensions.suspendedName,
      reason: tenantSuspensions.reason,
      notice: tenantSuspensions.notice,
    })
    .from(tenantSuspensions)
    .where(and(eq(tenantSuspensions.tenantId, tenantId), isNull(tenantSuspensions.resumedAt)));
  return row ? { ...row, since: row.since.toISOString() } : null;
}

/**
 * How one tenant stands.
 * @throws PublicError `not_found`
 */
export function tenantOverview(staff: StaffContext, tenantId: TenantId): Promise<TenantOverview> {
  return lookAsStaff(staff, { action: 'tenant.opened', tenantId }, async (tx) => {
    const tenant = await headOf(tx, tenantId);
    return {
      tenant,
      suspension: tenant.state === 'suspended' ? await suspensionOf(tx, tenantId) : null,
      onboarding: await onboardingOf(tx, tenantId),
      invitations: await openInvitations(tx, tenantId),
      connections: await connectionsOf(tx, tenantId),
      members: await countMembers(tx, tenantId),
      runs: await runsOf(tx, tenantId),
      denials: await denialsOf(tx, tenantId),
    };
  });
}

async function connectionsOf(tx: PlatformTransaction, tenantId: TenantId) {
  const rows = await tx
    .select({
      id: connections.id,
      provider: connections.provider,
      authority: connections.authority,
      state: connections.state,
      stateReason: connections.stateReason,
      stateChangedAt: connections.stateChangedAt,
      lastUsedAt: connections.lastUsedAt,
    })
    .from(connections)
    .where(eq(connections.tenantId, tenantId))
    .orderBy(desc(connections.id));
  return rows.map((row) => ({
    ...row,
    stateChangedAt: row.stateChangedAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }));
}

async function countMembers(tx: PlatformTransaction, tenantId: TenantId): Promise<number> {
  const [row] = await tx
    .select({ total: count() })
    .from(memberships)
    .where(eq(memberships.tenantId, tenantId));
  return row?.total ?? 0;
}

async function runsOf(tx: PlatformTransaction, tenantId: TenantId) {
  const rows = await tx
    .select({
      id: runs.id,
      state: runs.state,
      trigger: runs.trigger,
      dryRun: runs.dryRun,
      createdAt: runs.createdAt,
      startedAt: runs.startedAt,
      finishedAt: runs.finishedAt,
    })
    .from(runs)
    .where(eq(runs.tenantId, tenantId))
    .orderBy(desc(runs.createdAt))
    .limit(recent);
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }));
}

async function denialsOf(tx: PlatformTransaction, tenantId: TenantId) {
  const rows = await tx
    .select({
      id: tenantAccessLogs.id,
      at: tenantAccessLogs.createdAt,
      method: tenantAccessLogs.method,
      path: tenantAccessLogs.path,
      reason: tenantAccessLogs.reason,
      requestId: tenantAccessLogs.requestId,
    })
    .from(tenantAccessLogs)
    .where(eq(tenantAccessLogs.tenantId, tenantId))
    .orderBy(desc(tenantAccessLogs.id))
    .limit(recent);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
