import { z } from 'zod';
import { idOf } from '@/lib/ids/contract';
import type { TenantHead } from '@/lib/platform/contract';

/** Minutes that a support session lasts. */
export const sessionMinutes = 30;

/** Hours in which owners may answer a request, and in which an approved one may be used. */
export const requestHours = 24;

export const supportReason = z
  .string()
  .trim()
  .min(8, 'Say in a few words what for: the customer reads it.')
  .max(500, 'Use at most 500 characters.');

const ticket = z
  .string()
  .trim()
  .max(100, 'Use at most 100 characters.')
  .optional()
  .transform((text) => text || undefined);

export const startSupportInput = z.object({
  tenantId: idOf('tenant'),
  reason: supportReason,
  ticket,
});
export type StartSupport = z.output<typeof startSupportInput>;

/** One's own session is meant, in this tenant. */
export const ownSupportInput = z.object({ tenantId: idOf('tenant') });

export const askToMendInput = ownSupportInput.extend({ reason: supportReason });

export const endSupportInput = z.object({ sessionId: idOf('supportSession') });

export const supportAccessInput = z.object({ access: z.enum(['open', 'ask']) });
export type SupportAccess = z.output<typeof supportAccessInput>['access'];

export const decideSupportInput = z.object({
  requestId: idOf('supportRequest'),
  decision: z.enum(['approve', 'decline']),
  /** Of the owner's second factor, if they have one. */
  code: z.string().trim().max(40).optional(),
});
export type DecideSupport = z.output<typeof decideSupportInput>;

/** Why a session is over, in words. */
export const endingWords = {
  stopped: 'Stopped by staff',
  time: 'Time was up',
  ended_by_tenant: 'Ended by the organisation',
  staff_changed: 'Staff member left or changed role',
  signed_out: 'Staff member’s sessions were ended',
  tenant_not_active: 'Organisation was suspended',
} as const;
export type SupportEnding = keyof typeof endingWords;

/** A support session in a list. Times are ISO 8601 in UTC. */
export interface SupportSessionRow {
  readonly id: string;
  readonly staffName: string;
  readonly reason: string;
  readonly ticket: string | null;
  readonly startedAt: string;
  readonly endsAt: string;
  readonly endedAt: string | null;
  readonly ending: SupportEnding | null;
  readonly endedName: string | null;
  /** Since when it could mend too. */
  readonly mendsSince: string | null;
  readonly mendsBy: string | null;
  /** Under way now. */
  readonly open: boolean;
}

/** What staff asked of the owners. Times are ISO 8601 in UTC. */
export interface SupportRequestRow {
  readonly id: string;
  readonly staffName: string;
  readonly reason: string;
  readonly ticket: string | null;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly state: (typeof supportRequestStates)[number];
  readonly decidedName: string | null;
}

export const supportRequestStates = ['waiting', 'approved', 'declined', 'expired', 'used'] as const;

/** How a request stands, in words. */
export const requestStateWords: Readonly<Record<SupportRequestRow['state'], string>> = {
  waiting: 'Waiting for an owner',
  approved: 'Approved',
  declined: 'Declined',
  expired: 'Not answered in time',
  used: 'Approved and used',
};

/** Filters of the requests across tenants as they stand in the URL. An unusable one is dropped. */
export const platformRequestFilter = z.object({
  tenant: idOf('tenant').optional().catch(undefined),
  /** Of the staff, who asked. */
  person: idOf('user').optional().catch(undefined),
  state: z.enum(supportRequestStates).optional().catch(undefined),
});
export type PlatformRequestFilter = z.output<typeof platformRequestFilter>;

/** What staff asked of the owners of some tenant. */
export interface PlatformRequestRow extends SupportRequestRow {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly staffId: string;
}

/** What the console shows of support in one tenant. */
export interface SupportDesk {
  readonly tenant: TenantHead;
  readonly access: SupportAccess;
  readonly sessions: readonly SupportSessionRow[];
  /** What whoever looks has asked the owners, the latest first. */
  readonly requests: readonly SupportRequestRow[];
  /** The session that whoever looks is in now, here. */
  readonly mine: SupportSessionRow | null;
  /** Whether a session may begin now: support is open, or an owner has said yes. */
  readonly mayStart: boolean;
}

/** What the people of an organisation are told while somebody looks. */
export interface SupportNow {
  readonly sessions: readonly SupportSessionRow[];
  /** Only for owners, who answer them. */
  readonly requests: readonly SupportRequestRow[];
}
