import { z } from 'zod';
import { approvalReason, decisionNote } from '@/lib/approvals/contract';
import { idOf } from '@/lib/ids/contract';
import { factorCode } from '@/lib/second-factor/contract';
import { emailAddress } from '@/lib/tenancy/contract';

/** What the list of approvals is asked for, in the URL. */
export const approvalFilter = z.object({
  show: z.enum(['waiting', 'all']).optional().catch(undefined),
  cursor: z.string().max(500).optional().catch(undefined),
});

export const approvalInput = z.object({ approvalId: idOf('approval') });

export const decisionInput = z.object({
  approvalId: idOf('approval'),
  decision: z.enum(['approved', 'declined']),
  note: decisionNote,
  code: factorCode,
});
export type DecisionInput = z.input<typeof decisionInput>;

/** `typed` is the tenant's name. */
export const shredInput = z.object({
  tenantId: idOf('tenant'),
  typed: z.string().trim().max(200),
  reason: approvalReason,
});
export type ShredInput = z.input<typeof shredInput>;

const staffRole = z.enum(['support', 'platform_admin']);

export const staffChangeInput = z.discriminatedUnion('change', [
  z.object({
    change: z.literal('add'),
    email: emailAddress,
    role: staffRole,
    reason: approvalReason,
  }),
  z.object({
    change: z.literal('role'),
    email: emailAddress,
    role: staffRole,
    reason: approvalReason,
  }),
  z.object({ change: z.literal('remove'), email: emailAddress, reason: approvalReason }),
  z.object({ change: z.literal('reset-factor'), email: emailAddress, reason: approvalReason }),
]);
export type StaffChangeInput = z.input<typeof staffChangeInput>;

/** A line of the list of staff. Times are ISO 8601 in UTC. */
export interface StaffRow {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'support' | 'platform_admin';
  readonly since: string;
  /** Since when there is a second factor; null without one. */
  readonly factorSince: string | null;
  /** When they last gave a code: they are asked for one each day. */
  readonly lastSeenAt: string | null;
  readonly recoveryCodesLeft: number;
}
