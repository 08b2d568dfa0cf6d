'use client';
import { PanelRight } from 'lucide-react';
import { useState } from 'react';
import { SliceTable } from '@/components/paging/slice-table';
import { type Column, EmptyState, IconButton, utcTimeColumn } from '@/components/ui';
import type { DenialRow } from '@/lib/denials/contract';
import type { Slice } from '@/lib/paging/contract';
import { askedColumn, personColumn, reasonColumn, timesColumn } from './columns';
import { DenialSheet, type DenialSheetProps } from './denial-sheet';

export interface DenialListProps<Row extends DenialRow> {
  /** Endpoint of further pages. */
  path: string;
  /** Address of the page, without filters. */
  href: string;
  filter: Readonly<Record<string, string | undefined>>;
  first: Slice<Row>;
  /** After who: whose it is, where the list is of several tenants. */
  tenantColumn?: Column<Row>;
  requestHref: DenialSheetProps['requestHref'];
  personHref?: DenialSheetProps['personHref'];
}

/** The record of denials, newest first; one opens beside it. */
export function DenialList<Row extends DenialRow>(props: DenialListProps<Row>) {
  const { path, href, filter, first, tenantColumn, requestHref, personHref } = props;
  const [opened, setOpened] = useState<Row | null>(null);
  const columns: readonly Column<Row>[] = [
    askedColumn<Row>(),
    reasonColumn<Row>(),
    personColumn<Row>(),
    ...(tenantColumn ? [tenantColumn] : []),
    timesColumn<Row>(),
    utcTimeColumn<Row>(),
    {
      key: 'more',
      header: <span className="sr-only">More</span>,
      align: 'right',
      corner: true,
      cell: (row) => (
        <IconButton
          label="Show everything about it"
          size="sm"
          icon={<PanelRight aria-hidden />}
          onClick={() => setOpened(row)}
        />
      ),
    },
  ];
  return (
    <>
      <SliceTable
        path={path}
        filter={filter}
        first={first}
        caption="Refused access"
        columns={columns}
        rowKey={(row) => row.id}
        one="refusal"
        noMatch={{ title: 'Nothing on record matches these filters', href }}
        empty={
          <EmptyState
            title="No access was refused"
            description="When somebody asks for what is not theirs, it is listed here: who, what and why."
          />
        }
      />
      {opened && (
        <DenialSheet
          denial={opened}
          listHref={href}
          requestHref={requestHref}
          personHref={personHref}
          onClose={() => setOpened(null)}
        />
      )}
    </>
  );
}
