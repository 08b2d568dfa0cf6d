'use client';
import { PagedTable } from '@/components/paging/paged-table';
import { shownWords } from '@/components/paging/shown-words';
import { useSlices } from '@/components/paging/use-slices';
import {
  Badge,
  ButtonLink,
  type Column,
  DateTime,
  Duration,
  EmptyState,
  Nothing,
  StatusBadge,
} from '@/components/ui';
import { isFinished, type RunFilter, type RunRowView } from '@/lib/automations/contract';
import type { Slice } from '@/lib/paging/contract';
import { startedByWords } from './run-words';

const name: Column<RunRowView> = {
  key: 'automation',
  header: 'Automation',
  primary: true,
  cell: (row) => (
    <span className="inline-flex max-w-full items-center gap-2 md:min-w-40">
      <span className="wrap-anywhere min-w-0">{row.automationName}</span>
      {row.dryRun && <Badge>Dry run</Badge>}
    </span>
  ),
};
const state: Column<RunRowView> = {
  key: 'state',
  header: 'State',
  width: 'w-32',
  cell: (row) => <StatusBadge status={row.state} />,
};
const startedBy: Column<RunRowView> = {
  key: 'by',
  header: 'Started',
  from: 'lg',
  cell: startedByWords,
};
const when: Column<RunRowView> = {
  key: 'at',
  header: 'When',
  cell: (row) => <DateTime value={row.createdAt} className="whitespace-nowrap" />,
};
const took: Column<RunRowView> = {
  key: 'duration',
  header: 'Took',
  align: 'right',
  cell: (row) =>
    row.startedAt ? <Duration from={row.startedAt} to={row.finishedAt} /> : <Nothing />,
};

const columns = [name, state, startedBy, when, took];
/** On the page of one automation its name goes without saying. */
const compactColumns: readonly Column<RunRowView>[] = [
  {
    ...when,
    primary: true,
    cell: (row) => (
      <span className="inline-flex items-center gap-2">
        <DateTime value={row.createdAt} />
        {row.dryRun && <Badge>Dry run</Badge>}
      </span>
    ),
  },
  state,
  startedBy,
  took,
];
const compactSize = 10;

/** Milliseconds between looks while something is going on. */
const refreshMs = 2_000;

export interface RunListProps {
  filter: RunFilter;
  first: Slice<RunRowView>;
  /** Only the last few, on the page of their automation. */
  compact?: boolean;
}

/** Runs, newest first; follows those that are under way. */
export function RunList({ filter, first, compact = false }: RunListProps) {
  const live = first.items.some(({ state }) => !isFinished(state));
  const list = useSlices<RunRowView>({
    path: '/api/runs',
    parameters: filter,
    first,
    refreshEvery: live && refreshMs,
  });
  const filtered = !compact && Object.values(filter).some((value) => value !== undefined);
  return (
    <PagedTable
      caption="Runs"
      columns={compact ? compactColumns : columns}
      list={list}
      rows={compact ? list.items.slice(0, compactSize) : list.items}
      shown={compact ? null : shownWords(list, 'run')}
      rowKey={(row) => row.id}
      rowHref={(row) => `/runs/${row.id}`}
      empty={
        filtered ? (
          <EmptyState
            kind="no-match"
            title="No run matches these filters"
            action={<ButtonLink href="/runs">Clear filters</ButtonLink>}
          />
        ) : (
          <EmptyState
            title="Nothing has run yet"
            description="Every run of an automation is listed here, with what it did."
            action={!compact && <ButtonLink href="/automations">Go to the automations</ButtonLink>}
          />
        )
      }
    />
  );
}
