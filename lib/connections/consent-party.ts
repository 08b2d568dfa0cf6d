import type { ConsentLinkId, UserId } from '@/db';
import type { ActingContext, MemberContext } from '@/lib/tenancy';

/** Who goes through a consent: a member, or whoever was handed a link and has no account here. */
export interface ConsentParty {
  readonly context: ActingContext;
  /** The member whose flow it is; null for whoever came by a link. */
  readonly userId: UserId | null;
  /** The link that they came by. */
  readonly link: { readonly id: ConsentLinkId; readonly token: string } | null;
}

export const memberParty = (context: MemberContext): ConsentParty => ({
  context,
  userId: context.userId,
  link: null,
});
