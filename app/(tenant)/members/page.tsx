import type { Metadata } from 'next';
import { InvitationTable } from '@/components/members/invitation-table';
import { InviteDialog } from '@/components/members/invite-dialog';
import { MemberTable } from '@/components/members/member-table';
import { PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { can, listInvitations, listMembers } from '@/lib/tenancy';
import { changeMemberRole, invite, removeFromOrganisation, withdrawInvitation } from './actions';

export const metadata: Metadata = { title: 'Members' };

export default tenantPage({ permission: 'members:read' }, async ({ context }) => {
  const manages = can(context.role, 'members:manage');
  const [members, invitations] = await Promise.all([
    listMembers(context),
    manages ? listInvitations(context) : [],
  ]);
  return (
    <>
      <PageHeader
        title="Members"
        description={`Who works in ${context.tenantName}, and what they may do.`}
        actions={manages && <InviteDialog role={context.role} onInvite={invite} />}
      />
      <MemberTable
        members={members}
        viewer={{ userId: context.userId, role: context.role }}
        tenantName={context.tenantName}
        mayAudit={can(context.role, 'audit:read')}
        onChangeRole={changeMemberRole}
        onRemove={removeFromOrganisation}
      />
      {invitations.length > 0 && (
        <InvitationTable
          invitations={invitations}
          role={context.role}
          onInvite={invite}
          onWithdraw={withdrawInvitation}
        />
      )}
    </>
  );
});
