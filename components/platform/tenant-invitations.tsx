'use client';
import { useTransition } from 'react';
import { Badge, Button, type Column, DateTime, EmptyState, Nothing, Table } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { TenantInvitationRow } from '@/lib/platform/contract';
import { InviteOwner, type InviteOwnerProps } from './invite-owner';

interface TenantInvitationsProps {
  tenantId: string;
  invitations: readonly TenantInvitationRow[];
  /** Null for those who may only look. */
  acts: {
    readonly onInvite: InviteOwnerProps['onInvite'];
    readonly onWithdraw: (wish: { tenantId: string; email: string }) => Promise<ActionResult<void>>;
  } | null;
}

function Withdraw({ onPress, email }: { onPress: () => Promise<unknown>; email: string }) {
  const [pending, start] = useTransition();
  return (
    <Button
      size="sm"
      variant="ghost"
      loading={pending}
      aria-label={`Withdraw the invitation of ${email}`}
      onClick={() => start(async () => void (await onPress()))}
    >
      Withdraw
    </Button>
  );
}

/** Invitations that nobody has taken. Those that staff sent can be sent again or taken back. */
export function TenantInvitations({ tenantId, invitations, acts }: TenantInvitationsProps) {
  const columns: readonly Column<TenantInvitationRow>[] = [
    { key: 'email', header: 'Mail', primary: true, cell: (row) => row.email },
    { key: 'role', header: 'Role', cell: (row) => <Badge>{row.role}</Badge> },
    {
      key: 'by',
      header: 'Invited by',
      cell: (row) => (row.byStaff ? 'Staff' : 'A member'),
    },
    { key: 'sent', header: 'Sent', cell: (row) => <DateTime value={row.invitedAt} /> },
    {
      key: 'until',
      header: 'Until',
      cell: (row) =>
        row.expired ? <Badge tone="warning">Expired</Badge> : <DateTime value={row.expiresAt} />,
    },
    {
      key: 'act',
      header: <span className="sr-only">What can be done</span>,
      align: 'right',
      cell: (row) =>
        acts && row.byStaff ? (
          <span className="flex flex-wrap justify-end gap-2">
            <InviteOwner tenantId={tenantId} email={row.email} onInvite={acts.onInvite} />
            <Withdraw
              email={row.email}
              onPress={() => acts.onWithdraw({ tenantId, email: row.email })}
            />
          </span>
        ) : (
          <Nothing />
        ),
    },
  ];
  return (
    <Table
      caption="Open invitations"
      columns={columns}
      rows={invitations}
      rowKey={(row) => row.id}
      empty={<EmptyState title="No invitation is open" />}
    />
  );
}
