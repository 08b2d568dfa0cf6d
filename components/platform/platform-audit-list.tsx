'use client';
import Link from 'next/link';
import {
  actionColumn,
  actorColumn,
  outcomeColumn,
  targetLabel,
  timeColumn,
} from '@/components/audit/columns';
import { SliceTable } from '@/components/paging/slice-table';
import { Badge, type Column, CopyButton } from '@/components/ui';
import type { Slice } from '@/lib/paging/contract';
import type { PlatformAuditFilter, PlatformAuditRow } from '@/lib/platform/contract';

const columns: readonly Column<PlatformAuditRow>[] = [
  actionColumn<PlatformAuditRow>(),
  {
    key: 'tenant',
    header: 'Tenant',
    cell: (row) => (
      <Link href={`/admin/tenants/${row.tenantId}`} className="rounded-sm hover:underline">
        {row.tenantName}
      </Link>
    ),
  },
  actorColumn<PlatformAuditRow>(),
  {
    key: 'target',
    header: 'On what',
    from: 'xl',
    cell: (row) => (
      <span className="flex min-w-0 items-center gap-2">
        <Badge>{targetLabel(row.targetType)}</Badge>
        <code title={row.targetId} className="truncate text-xs md:max-w-40">
          {row.targetId}
        </code>
      </span>
    ),
  },
  outcomeColumn<PlatformAuditRow>(),
  {
    key: 'request',
    header: 'Request',
    from: 'xl',
    cell: (row) => (
      <span className="flex items-center gap-1">
        <code title={row.requestId} className="text-xs max-md:break-all md:max-w-20 md:truncate">
          {row.requestId}
        </code>
        <CopyButton value={row.requestId} label="Copy request id" />
      </span>
    ),
  },
  timeColumn<PlatformAuditRow>(),
];

export interface PlatformAuditListProps {
  filter: PlatformAuditFilter;
  first: Slice<PlatformAuditRow>;
}

/** The record across tenants, read only. */
export function PlatformAuditList({ filter, first }: PlatformAuditListProps) {
  return (
    <SliceTable
      path="/api/admin/audit"
      filter={filter}
      first={first}
      caption="Audit events of all tenants"
      columns={columns}
      rowKey={(row) => row.id}
      one="event"
      noMatch={{ title: 'Nothing on record matches', href: '/admin/audit' }}
    />
  );
}
