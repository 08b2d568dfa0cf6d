'use client';
import { SliceTable } from '@/components/paging/slice-table';
import { Badge, type Column, DateTime, EmptyState } from '@/components/ui';
import type { Slice } from '@/lib/paging/contract';
import type { TenantMemberRow } from '@/lib/platform/contract';

type Row = TenantMemberRow;

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const columns: readonly Column<Row>[] = [
  { key: 'name', header: 'Name', primary: true, cell: ({ name }) => name },
  { key: 'email', header: 'Mail', cell: ({ email }) => email },
  { key: 'role', header: 'Role', cell: ({ role }) => <Badge>{capital(role)}</Badge> },
  { key: 'since', header: 'Joined', cell: ({ since }) => <DateTime value={since} /> },
];

/** Who belongs to the tenant, by name. Staff see, and change nothing. */
export function TenantMembers({ tenantId, first }: { tenantId: string; first: Slice<Row> }) {
  return (
    <SliceTable
      path={`/api/admin/tenants/${tenantId}/people`}
      filter={{}}
      first={first}
      caption="Members"
      columns={columns}
      rowKey={({ id }) => id}
      rowHref={({ id }) => `/admin/people/${id}`}
      one="member"
      noMatch={{ title: 'Nobody is a member', href: `/admin/tenants/${tenantId}/people` }}
      empty={<EmptyState title="Nobody is a member" />}
    />
  );
}
