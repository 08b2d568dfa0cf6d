'use server';
import { revalidatePath } from 'next/cache';
import { tenantAction } from '@/lib/access';
import {
  changeRole,
  changeRoleInput,
  inviteInput,
  inviteMember,
  removeMember,
  removeMemberInput,
  revokeInput,
  revokeInvitation,
} from '@/lib/tenancy';

const refresh = () => revalidatePath('/members');

export const invite = tenantAction(
  { name: 'members.invite', permission: 'members:manage', input: inviteInput },
  async ({ context, input }) => {
    const { link, expiresAt } = await inviteMember(context, input);
    refresh();
    return { link, expiresAt, email: input.email };
  },
);

export const withdrawInvitation = tenantAction(
  { name: 'members.withdrawInvitation', permission: 'members:manage', input: revokeInput },
  async ({ context, input }) => {
    await revokeInvitation(context, input.invitationId);
    refresh();
  },
);

export const changeMemberRole = tenantAction(
  { name: 'members.changeMemberRole', permission: 'members:manage', input: changeRoleInput },
  async ({ context, input }) => {
    await changeRole(context, input);
    refresh();
  },
);

export const removeFromOrganisation = tenantAction(
  {
    name: 'members.removeFromOrganisation',
    permission: 'members:manage',
    input: removeMemberInput,
  },
  async ({ context, input }) => {
    await removeMember(context, input);
    refresh();
  },
);
