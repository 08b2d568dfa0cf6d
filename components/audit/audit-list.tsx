'use client';
import { useSearchParams } from 'next/navigation';
import { shownWords } from '@/components/paging/shown-words';
import { useSlices } from '@/components/paging/use-slices';
import { ButtonLink, Callout, EmptyState, LoadMore, Table } from '@/components/ui';
import type { AuditEventRow, AuditFilter } from '@/lib/audit/contract';
import type { Slice } from '@/lib/paging/contract';
import { actionColumn, actorColumn, outcomeColumn, targetColumn, timeColumn } from './columns';

const columns = [
  actionColumn<AuditEventRow>(),
  actorColumn<AuditEventRow>(),
  targetColumn,
  outcomeColumn<AuditEventRow>(),
  timeColumn<AuditEventRow>(),
];

export interface AuditListProps {
  filter: AuditFilter;
  first: Slice<AuditEventRow>;
}

/** The record, newest first; an event opens beside it. */
export function AuditList({ filter, first }: AuditListProps) {
  const search = useSearchParams();
  const list = useSlices<AuditEventRow>({ path: '/api/audit', parameters: filter, first });
  const filtered = Object.values(filter).some((value) => value !== undefined);

  function eventHref(row: AuditEventRow): string {
    const next = new URLSearchParams(search);
    next.set('event', row.id);
    return `/audit?${next}`;
  }

  return (
    <>
      <Table
        caption="Audit events"
        columns={columns}
        rows={list.items}
        rowKey={(row) => row.id}
        rowHref={eventHref}
        empty={
          filtered ? (
            <EmptyState
              kind="no-match"
              title="Nothing on record matches these filters"
              action={<ButtonLink href="/audit">Clear filters</ButtonLink>}
            />
          ) : (
            <EmptyState
              title="Nothing on record yet"
              description="Everything that people and automations do here will be listed."
            />
          )
        }
        footer={
          <LoadMore
            shown={shownWords(list, 'event')}
            onMore={list.hasMore ? list.loadMore : undefined}
            loading={list.loading}
          />
        }
      />
      {list.error && (
        <Callout tone="danger" role="alert" title="More could not be loaded" className="mt-4">
          {list.error.message}
        </Callout>
      )}
    </>
  );
}
