import { z } from 'zod';
import { type AuditEventRow, auditFilter } from '@/lib/audit/contract';
import { type DenialRow, denialFilter } from '@/lib/denials/contract';
import { idOf } from '@/lib/ids/contract';
import type { Authority, ProviderKey } from '@/lib/providers/contract';

export const tenantStates = ['active', 'suspended', 'deleting'] as const;
export type TenantState = (typeof tenantStates)[number];

/** Filters of the list of tenants as they stand in the URL. */
export const tenantFilter = z.object({
  q: z.string().trim().max(100).optional().catch(undefined),
  state: z.enum(tenantStates).optional().catch(undefined),
});
export type TenantFilter = z.output<typeof tenantFilter>;

/** A line of the list of tenants. Times are ISO 8601 in UTC. */
export interface TenantRow {
  readonly id: string;
  readonly name: string;
  readonly state: TenantState;
  readonly createdAt: string;
  readonly members: number;
  readonly connections: number;
  /** Connections that need a person before they work again. */
  readonly broken: number;
  readonly lastActivityAt: string | null;
}

export interface TenantConnectionRow {
  readonly id: string;
  readonly provider: ProviderKey;
  readonly authority: Authority;
  readonly state: string;
  readonly stateReason: string | null;
  readonly stateChangedAt: string;
  readonly lastUsedAt: string | null;
}

export interface TenantMemberRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly since: string;
}

export interface TenantRunRow {
  readonly id: string;
  readonly state: string;
  readonly trigger: string;
  readonly dryRun: boolean;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface TenantDenialRow {
  readonly id: string;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly reason: string;
  readonly requestId: string;
}

/** What staff see of one tenant: how it stands, never what it holds. */
export interface TenantOverview {
  readonly tenant: Pick<TenantRow, 'id' | 'name' | 'state' | 'createdAt'>;
  readonly connections: readonly TenantConnectionRow[];
  readonly members: readonly TenantMemberRow[];
  readonly runs: readonly TenantRunRow[];
  readonly denials: readonly TenantDenialRow[];
}

/** Filters of the record across tenants. */
export const platformAuditFilter = auditFilter.extend({
  tenant: idOf('tenant').optional().catch(undefined),
});
export type PlatformAuditFilter = z.output<typeof platformAuditFilter>;

/** A line of the record across tenants; what was acted on is named by its id only. */
export interface PlatformAuditRow extends Omit<AuditEventRow, 'targetName'> {
  readonly tenantId: string;
  readonly tenantName: string;
}

/** Filters of the record of denials across tenants. */
export const platformDenialFilter = denialFilter.extend({
  tenant: idOf('tenant').optional().catch(undefined),
});
export type PlatformDenialFilter = z.output<typeof platformDenialFilter>;

export interface PlatformDenialRow extends DenialRow {
  readonly tenantId: string;
  readonly tenantName: string;
}
