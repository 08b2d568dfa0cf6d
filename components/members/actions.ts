import type { ActionResult } from '@/lib/errors/contract';
import type { MemberRole } from '@/lib/tenancy/contract';

/** What inviting gives back: the link is shown once and kept nowhere. */
export interface Invited {
  readonly link: string;
  readonly email: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export type Invite = (input: { email: string; role: MemberRole }) => Promise<ActionResult<Invited>>;
export type Withdraw = (input: { invitationId: string }) => Promise<ActionResult<unknown>>;
export type ChangeRole = (input: {
  memberId: string;
  role: MemberRole;
}) => Promise<ActionResult<unknown>>;
export type Remove = (input: { memberId: string; typed: string }) => Promise<ActionResult<unknown>>;
