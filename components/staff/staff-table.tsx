'use client';
import Link from 'next/link';
import { Badge, type Column, DateTime, Table } from '@/components/ui';
import type { StaffRow } from '@/lib/two-persons/contract';
import { type AskStaffChange, StaffMenu } from './staff-menu';

export const roleLabels = { support: 'Support', platform_admin: 'Platform admin' } as const;

export interface StaffTableProps {
  rows: readonly StaffRow[];
  onAsk: AskStaffChange;
}

/** Everybody of the staff, with how their second factor stands. */
export function StaffTable({ rows, onAsk }: StaffTableProps) {
  const columns: readonly Column<StaffRow>[] = [
    {
      key: 'name',
      header: 'Name',
      primary: true,
      cell: (row) => (
        <>
          {row.name} <span className="block text-muted text-xs">{row.email}</span>
        </>
      ),
    },
    { key: 'role', header: 'Role', cell: (row) => roleLabels[row.role] },
    {
      key: 'factor',
      header: 'Second factor',
      cell: (row) =>
        row.factorSince ? (
          <Badge tone={row.recoveryCodesLeft === 0 ? 'warning' : 'success'}>
            {row.recoveryCodesLeft} recovery codes left
          </Badge>
        ) : (
          <Badge tone="warning">None yet</Badge>
        ),
    },
    {
      key: 'seen',
      header: 'Last seen',
      cell: (row) => (
        <>
          {row.lastSeenAt ? <DateTime value={row.lastSeenAt} /> : 'Never'}
          <Link
            href={`/admin/looks?person=${row.userId}`}
            className="block text-xs underline underline-offset-2"
          >
            What they looked at
          </Link>
        </>
      ),
    },
    {
      key: 'since',
      header: 'Staff since',
      from: 'lg',
      cell: (row) => <DateTime value={row.since} format="absolute" />,
    },
    {
      key: 'menu',
      header: <span className="sr-only">Manage</span>,
      width: 'w-12',
      corner: true,
      cell: (row) => <StaffMenu person={row} onAsk={onAsk} />,
    },
  ];
  return <Table caption="Staff" columns={columns} rows={rows} rowKey={(row) => row.userId} />;
}
