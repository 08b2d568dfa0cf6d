'use client';
import { useSearchParams } from 'next/navigation';
import { SliceTable } from '@/components/paging/slice-table';
import { EmptyState, utcTimeColumn } from '@/components/ui';
import type { AuditEventRow, AuditFilter } from '@/lib/audit/contract';
import type { Slice } from '@/lib/paging/contract';
import { actionColumn, actorColumn, outcomeColumn, targetColumn } from './columns';

const columns = [
  actionColumn<AuditEventRow>(),
  actorColumn<AuditEventRow>(),
  targetColumn,
  outcomeColumn<AuditEventRow>(),
  utcTimeColumn<AuditEventRow>(),
];

export interface AuditListProps {
  filter: AuditFilter;
  first: Slice<AuditEventRow>;
}

/** The record, newest first; an event opens beside it. */
export function AuditList({ filter, first }: AuditListProps) {
  const search = useSearchParams();
  function eventHref(row: AuditEventRow): string {
    const next = new URLSearchParams(search);
    next.set('event', row.id);
    return `/audit?${next}`;
  }

  return (
    <SliceTable
      path="/api/audit"
      filter={filter}
      first={first}
      caption="Audit events"
      columns={columns}
      rowKey={(row) => row.id}
      rowHref={eventHref}
      one="event"
      noMatch={{ title: 'Nothing on record matches these filters', href: '/audit' }}
      empty={
        <EmptyState
          title="Nothing on record yet"
          description="Everything that people and automations do here will be listed."
        />
      }
    />
  );
}
