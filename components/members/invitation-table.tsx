import { type Column, DateTime, StatusBadge, Table } from '@/components/ui';
import {
  type InvitationSummary,
  manageableRoles,
  type WorkspaceRole,
} from '@/lib/tenancy/contract';
import type { Invite, Withdraw } from './actions';
import { InvitationMenu } from './invitation-menu';
import { roleLabel } from './role-options';

export interface InvitationTableProps {
  invitations: readonly InvitationSummary[];
  /** The role of who looks at it. */
  role: WorkspaceRole;
  onInvite: Invite;
  onWithdraw: Withdraw;
}

/** Invitations that nobody has accepted yet. */
export function InvitationTable({ invitations, role, onInvite, onWithdraw }: InvitationTableProps) {
  const columns: Column<InvitationSummary>[] = [
    {
      key: 'email',
      header: 'Invited',
      primary: true,
      cell: (invitation) => <span className="break-all">{invitation.email}</span>,
    },
    {
      key: 'role',
      header: 'Role',
      cell: (invitation) => <span className="text-muted">{roleLabel(invitation.role)}</span>,
    },
    {
      key: 'by',
      header: 'By',
      from: 'lg',
      cell: (invitation) => <span className="text-muted">{invitation.invitedBy}</span>,
    },
    {
      key: 'state',
      header: 'State',
      cell: ({ expired, expiresAt }) => (
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <StatusBadge status={expired ? 'expired' : 'invited'} />
          <span className="text-muted text-xs">
            {expired ? 'ended' : 'until'} <DateTime value={expiresAt} format="absolute" />
          </span>
        </span>
      ),
    },
    {
      key: 'actions',
      header: <span className="sr-only">Actions</span>,
      align: 'right',
      width: 'w-12',
      corner: true,
      cell: (invitation) =>
        manageableRoles(role).includes(invitation.role) && (
          <InvitationMenu invitation={invitation} onInvite={onInvite} onWithdraw={onWithdraw} />
        ),
    },
  ];
  return (
    <section aria-labelledby="invitations" className="mt-8">
      <h2 id="invitations" className="mb-3 font-semibold text-base">
        Invitations
      </h2>
      <Table
        caption="Open invitations"
        columns={columns}
        rows={invitations}
        // One is open per address; sent anew it is another one in the same row.
        rowKey={(invitation) => invitation.email}
      />
    </section>
  );
}
