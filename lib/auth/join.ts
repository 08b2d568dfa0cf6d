import { type TenantId, type UserId, withIdentity } from '@/db';
import { notFound } from '@/lib/errors';
import {
  type ActFacts,
  type InvitingContext,
  inviteMember,
  type MemberRole,
  takeInvitation,
  viewInvitation,
} from '@/lib/tenancy';
import { hashPassword } from './password';
import { requireUsablePassword } from './password-policy';
import { insertPerson, type Person } from './people';
import { addressTaken } from './sign-up';

/**
 * Accept an invitation as somebody who is signed in.
 * @throws PublicError as `takeInvitation`
 */
export function joinAsPerson(token: string, person: Person, facts: ActFacts): Promise<TenantId> {
  return withIdentity((tx) => takeInvitation(tx, token, person, facts));
}

/**
 * Accept an invitation as somebody new: the account has the address that was invited.
 * @throws PublicError `invalid_input` for a guessable password, `conflict` when there is an account
 *   by now, and as `takeInvitation`; no account is made then
 */
export async function joinAsNewPerson(
  token: string,
  { name, password }: { readonly name: string; readonly password: string },
  facts: ActFacts,
): Promise<{ readonly userId: UserId; readonly tenantId: TenantId; readonly email: string }> {
  const invitation = await viewInvitation(token);
  if (!('email' in invitation)) throw notFound();
  const { email, tenantName } = invitation;
  requireUsablePassword(password, [email, name, tenantName]);
  const passwordHash = await hashPassword(password);
  return withIdentity(async (tx) => {
    const userId = await insertPerson(tx, { email, name, passwordHash });
    if (!userId) throw addressTaken();
    const tenantId = await takeInvitation(tx, token, { userId, name, email }, facts);
    return { userId, tenantId, email };
  });
}

/**
 * Invite a new person and accept for them; for the operator's command line.
 * @param inviter an owner of the organisation
 */
export async function addMember(
  inviter: InvitingContext,
  member: {
    readonly email: string;
    readonly name: string;
    readonly password: string;
    readonly role: MemberRole;
  },
): Promise<{ readonly userId: UserId; readonly tenantId: TenantId }> {
  const { token } = await inviteMember(inviter, member);
  return joinAsNewPerson(token, member, inviter);
}
