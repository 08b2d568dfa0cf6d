'use client';
import { eventColumns, eventsOfTenantColumns } from '@/components/console/event-columns';
import { SliceTable } from '@/components/paging/slice-table';
import type { Slice } from '@/lib/paging/contract';
import type { PlatformAuditFilter, PlatformAuditRow } from '@/lib/platform/contract';

export interface PlatformAuditListProps {
  filter: PlatformAuditFilter;
  first: Slice<PlatformAuditRow>;
  /** On a page of one tenant, whose name goes without saying. */
  ofTenant?: boolean;
}

/** The record across tenants, read only. */
export function PlatformAuditList({ filter, first, ofTenant }: PlatformAuditListProps) {
  return (
    <SliceTable
      path="/api/admin/audit"
      filter={filter}
      first={first}
      caption={ofTenant ? 'Audit events' : 'Audit events of all tenants'}
      columns={ofTenant ? eventsOfTenantColumns : eventColumns}
      rowKey={(row) => row.id}
      one="event"
      noMatch={{ title: 'Nothing on record matches', href: '/admin/audit' }}
    />
  );
}
