import Link from 'next/link';
import { Avatar, Badge, type Column, DateTime, Table } from '@/components/ui';
import {
  type MemberRole,
  type MemberSummary,
  manageableRoles,
  type WorkspaceRole,
} from '@/lib/tenancy/contract';
import type { ChangeRole, Remove } from './actions';
import { MemberMenu } from './member-menu';
import { roleLabel } from './role-options';

export interface MemberTableProps {
  members: readonly MemberSummary[];
  /** Who looks at it. */
  viewer: { readonly userId: string; readonly role: WorkspaceRole };
  tenantName: string;
  /** Whether names lead to what people did; not everybody may see it. */
  mayAudit: boolean;
  onChangeRole: ChangeRole;
  onRemove: Remove;
}

/** Everybody in the organisation; with a menu on those whom the viewer may manage. */
export function MemberTable(props: MemberTableProps) {
  const { members, viewer } = props;
  const manageable = manageableRoles(viewer.role);
  const columns: Column<MemberSummary>[] = [
    {
      key: 'name',
      header: 'Name',
      primary: true,
      cell: (member) => (
        <span className="flex items-center gap-2.5 md:min-w-40">
          <Avatar name={member.name} />
          {props.mayAudit ? (
            <Link
              href={`/audit?actor=${member.userId}`}
              title="What they did"
              className="wrap-anywhere min-w-0 rounded-sm hover:underline"
            >
              {member.name}
            </Link>
          ) : (
            <span className="wrap-anywhere min-w-0">{member.name}</span>
          )}
          {member.userId === viewer.userId && <Badge>You</Badge>}
        </span>
      ),
    },
    {
      key: 'email',
      header: 'Email',
      cell: (member) => (
        <span className="wrap-anywhere block text-muted md:min-w-44">{member.email}</span>
      ),
    },
    { key: 'role', header: 'Role', cell: (member) => <RoleBadge role={member.role} /> },
    {
      key: 'joined',
      header: 'Joined',
      from: 'lg',
      cell: (member) => (
        <DateTime value={member.joinedAt} className="whitespace-nowrap text-muted" />
      ),
    },
  ];
  if (manageable.length > 0) {
    columns.push({
      key: 'actions',
      header: <span className="sr-only">Actions</span>,
      align: 'right',
      width: 'w-12',
      corner: true,
      cell: (member) =>
        manageable.includes(member.role) && (
          <MemberMenu
            member={member}
            isViewer={member.userId === viewer.userId}
            viewerRole={viewer.role}
            tenantName={props.tenantName}
            onChangeRole={props.onChangeRole}
            onRemove={props.onRemove}
          />
        ),
    });
  }
  return (
    <Table caption="Members" columns={columns} rows={members} rowKey={(member) => member.id} />
  );
}

function RoleBadge({ role }: { role: MemberRole }) {
  return <Badge tone={role === 'owner' ? 'accent' : 'neutral'}>{roleLabel(role)}</Badge>;
}
