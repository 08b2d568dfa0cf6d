'use client';
import Link from 'next/link';
import { hrefs } from '@/components/console/links';
import type { Column } from '@/components/ui';
import type { Slice } from '@/lib/paging/contract';
import type { PlatformDenialFilter, PlatformDenialRow } from '@/lib/platform/contract';
import { DenialList } from './denial-list';

const tenantColumn: Column<PlatformDenialRow> = {
  key: 'tenant',
  header: 'Tenant',
  cell: (row) => (
    <Link href={`/admin/tenants/${row.tenantId}`} className="rounded-sm hover:underline">
      {row.tenantName}
    </Link>
  ),
};

export interface PlatformDenialListProps {
  filter: PlatformDenialFilter;
  first: Slice<PlatformDenialRow>;
  /** On a page of one tenant, whose name goes without saying. */
  ofTenant?: boolean;
}

/** The record of denials across tenants. */
export function PlatformDenialList({ filter, first, ofTenant }: PlatformDenialListProps) {
  return (
    <DenialList
      path="/api/admin/access-log"
      href="/admin/access-log"
      filter={filter}
      first={first}
      {...(!ofTenant && { tenantColumn })}
      requestHref={hrefs.request}
      personHref={hrefs.person}
    />
  );
}
