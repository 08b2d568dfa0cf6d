'use client';
import { eventColumns } from '@/components/console/event-columns';
import { SliceTable } from '@/components/paging/slice-table';
import type { Slice } from '@/lib/paging/contract';
import type { PlatformAuditFilter, PlatformAuditRow } from '@/lib/platform/contract';

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
      columns={eventColumns}
      rowKey={(row) => row.id}
      one="event"
      noMatch={{ title: 'Nothing on record matches', href: '/admin/audit' }}
    />
  );
}
