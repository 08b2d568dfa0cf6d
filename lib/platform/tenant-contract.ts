import { z } from 'zod';
import { idOf } from '@/lib/ids/contract';
import {
  type LaterRetention,
  type LimitUse,
  type OwnLimits,
  ownLimits,
  type TenantLimits,
} from '@/lib/limits/contract';
import { typedName } from '@/lib/names/contract';
import { emailAddress, tenantName } from '@/lib/tenancy/contract';

const tenantId = idOf('tenant');
const sentence = (most: number, least: string) =>
  z.string().trim().min(5, least).max(most, `Use at most ${most} characters.`);

/** Why something is done; it goes on the tenant's own record. */
const reason = sentence(500, 'Say why: it goes on the record.');

export const tenantInput = z.object({ tenantId });

/** @see limitsInput the tenant's own limits; null goes back to the platform's default */
export const limitsInput = z.object({ tenantId, limits: ownLimits, reason });

export const suspendInput = z.object({
  tenantId,
  reason,
  notice: sentence(1_000, 'Say what its people are to know, and what they can do.'),
  /** The tenant's exact name, typed. */
  confirm: z.string().max(200),
});

export const resumeInput = z.object({ tenantId, reason });

export const noteInput = z.object({
  tenantId,
  body: z
    .string()
    .trim()
    .min(1, 'Write something first.')
    .max(4_000, 'Use at most 4,000 characters.'),
});

export const createTenantInput = z.object({ name: tenantName, owner: emailAddress });
export const inviteOwnerInput = z.object({ tenantId, email: emailAddress });
export const withdrawOwnerInput = inviteOwnerInput;

/** `filter` is what stands in the address; what cannot be used of it is dropped. */
export const saveViewInput = z.object({
  name: typedName({ min: 1, max: 60 }, 'Give it a name.'),
  shared: z.boolean(),
  filter: z.record(z.string().max(20), z.string().max(200)),
});
export const removeViewInput = z.object({ viewId: idOf('view') });

/** What is in force for a tenant, and how far it is with it. */
export interface TenantLimitsView {
  readonly own: OwnLimits;
  readonly inForce: TenantLimits;
  /** What is kept for less time once the owners had notice. */
  readonly later: readonly LaterRetention[];
  readonly use: LimitUse;
}

/** A note of staff's; times are ISO 8601 in UTC. */
export interface TenantNote {
  readonly id: string;
  readonly author: string;
  readonly at: string;
  readonly body: string;
}

/** An invitation as staff see it. */
export interface TenantInvitationRow {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly byStaff: boolean;
  readonly invitedAt: string;
  readonly expiresAt: string;
  readonly expired: boolean;
}

/** The open suspension of a tenant. */
export interface TenantSuspensionView {
  readonly since: string;
  readonly by: string;
  readonly reason: string;
  readonly notice: string;
}

export const onboardingSteps = ['invited', 'joined', 'connected', 'discovered', 'ran'] as const;
export type OnboardingStep = (typeof onboardingSteps)[number];

/** What of the way in is done, and when first; null: not yet. */
export type Onboarding = Readonly<Record<OnboardingStep, string | null>>;
