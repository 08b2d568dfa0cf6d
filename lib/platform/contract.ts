import { z } from 'zod';
import { type AuditEventRow, auditFilter } from '@/lib/audit/contract';
import { type DenialRow, denialFilter } from '@/lib/denials/contract';
import { idOf } from '@/lib/ids/contract';
import { filterDay, type Slice } from '@/lib/paging/contract';
import { type Authority, type ProviderKey, providerKeys } from '@/lib/providers/contract';
import type { Onboarding, TenantInvitationRow, TenantSuspensionView } from './tenant-contract';

export * from './look-contract';
export * from './tenant-contract';

export const tenantStates = ['active', 'suspended', 'deleting'] as const;
export type TenantState = (typeof tenantStates)[number];

export const tenantSorts = ['newest', 'oldest', 'name', 'active', 'quiet'] as const;
export type TenantSort = (typeof tenantSorts)[number];

/** Filters and order of the list of tenants as they stand in the URL. An unusable one is dropped. */
export const tenantFilter = z.object({
  q: z.string().trim().max(100).optional().catch(undefined),
  state: z.enum(tenantStates).optional().catch(undefined),
  /** Some connection waits for a person. */
  broken: z.enum(['yes']).optional().catch(undefined),
  provider: z.enum(providerKeys).optional().catch(undefined),
  /** Days on which it was created, in UTC. */
  from: filterDay,
  to: filterDay,
  /** When something last happened in it: within a week, within 30 days, or longer ago. */
  seen: z.enum(['week', 'month', 'quiet']).optional().catch(undefined),
  sort: z.enum(tenantSorts).optional().catch(undefined),
});
export type TenantFilter = z.output<typeof tenantFilter>;

/** A filter as it stands in the address, after the question mark. */
export function tenantQueryOf(filter: TenantFilter): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '');
  return new URLSearchParams(given as [string, string][]).toString();
}

/** Filters and order of the list by a name. */
export interface SavedView {
  readonly id: string;
  readonly name: string;
  /** As `tenantQueryOf` gives it. */
  readonly query: string;
  readonly shared: boolean;
  readonly mine: boolean;
  readonly owner: string;
}

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

/** States in which a connection waits for a person. */
export const brokenStates = ['needs_scopes', 'needs_reconsent', 'blocked_by_policy'] as const;

/** Filters of the connections that wait for a person. An unusable one is dropped. */
export const brokenConnectionFilter = z.object({
  tenant: idOf('tenant').optional().catch(undefined),
  state: z.enum(brokenStates).optional().catch(undefined),
  provider: z.enum(providerKeys).optional().catch(undefined),
});
export type BrokenConnectionFilter = z.output<typeof brokenConnectionFilter>;

/** A connection that waits for a person. */
export interface BrokenConnectionRow extends TenantConnectionRow {
  readonly tenantId: string;
  readonly tenantName: string;
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

/** What stands above each page of a tenant. */
export type TenantHead = Pick<TenantRow, 'id' | 'name' | 'state' | 'createdAt'>;

/** What staff see of one tenant: how it stands, never what it holds. */
export interface TenantOverview {
  readonly tenant: TenantHead;
  readonly suspension: TenantSuspensionView | null;
  readonly onboarding: Onboarding;
  readonly invitations: readonly TenantInvitationRow[];
  readonly connections: readonly TenantConnectionRow[];
  readonly members: number;
  readonly runs: readonly TenantRunRow[];
  readonly denials: readonly TenantDenialRow[];
}

/** The people of one tenant, as staff see them. */
export interface TenantPeople {
  readonly tenant: TenantHead;
  /** The first page. */
  readonly members: Slice<TenantMemberRow>;
  readonly invitations: readonly TenantInvitationRow[];
  readonly onboarding: Onboarding;
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
