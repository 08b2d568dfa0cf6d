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
}

/** The record of denials across tenants. */
export function PlatformDenialList({ filter, first }: PlatformDenialListProps) {
  return (
    <DenialList
      path="/api/admin/access-log"
      href="/admin/access-log"
      filter={filter}
      first={first}
      tenantColumn={tenantColumn}
      requestHref={hrefs.request}
      personHref={hrefs.person}
    />
  );
}
