'use client';
import { PagedTable } from '@/components/paging/paged-table';
import { shownWords } from '@/components/paging/shown-words';
import { useSlices } from '@/components/paging/use-slices';
import {
  ButtonLink,
  type Column,
  cn,
  DateTime,
  EmptyState,
  longText,
  Nothing,
  StatusBadge,
} from '@/components/ui';
import type { AutomationRow } from '@/lib/automations/contract';
import type { Slice } from '@/lib/paging/contract';
import { TemplateIcon } from './template-icon';
import { TriggerWords } from './trigger-words';

const columns: readonly Column<AutomationRow>[] = [
  {
    key: 'name',
    header: 'Automation',
    primary: true,
    cell: (row) => (
      <span className="flex min-w-0 items-center gap-3">
        <TemplateIcon icon={row.icon} size="sm" />
        <span className="min-w-0">
          <span className={cn('block', longText)}>{row.name}</span>
          {row.name !== row.templateTitle && (
            <span className="block font-normal text-muted text-xs">{row.templateTitle}</span>
          )}
        </span>
      </span>
    ),
  },
  { key: 'trigger', header: 'Runs', cell: (row) => <TriggerWords trigger={row.trigger} /> },
  {
    key: 'connection',
    header: 'Connection',
    from: 'xl',
    cell: (row) => <span className={cn('block', longText)}>{row.connection.label}</span>,
  },
  {
    key: 'last',
    header: 'Last run',
    cell: (row) =>
      row.lastRun ? (
        <span className="flex flex-wrap items-center gap-x-2">
          <StatusBadge status={row.lastRun.state} variant="text" />
          <DateTime value={row.lastRun.at} className="text-muted text-xs" />
        </span>
      ) : (
        <Nothing label="never" />
      ),
  },
  {
    key: 'next',
    header: 'Next run',
    from: 'lg',
    cell: (row) => (row.nextRunAt ? <DateTime value={row.nextRunAt} /> : <Nothing />),
  },
  {
    key: 'state',
    header: 'State',
    width: 'w-24',
    cell: (row) => <StatusBadge status={row.enabled ? 'enabled' : 'disabled'} />,
  },
];

export interface AutomationListProps {
  first: Slice<AutomationRow>;
  mayManage: boolean;
}

/** The organisation's automations. */
export function AutomationList({ first, mayManage }: AutomationListProps) {
  const list = useSlices<AutomationRow>({ path: '/api/automations', parameters: {}, first });
  return (
    <PagedTable
      caption="Automations"
      columns={columns}
      list={list}
      shown={shownWords(list, 'automation')}
      rowKey={(row) => row.id}
      rowHref={(row) => `/automations/${row.id}`}
      empty={
        <EmptyState
          title="Nothing is automated yet"
          description={
            mayManage
              ? 'Choose a template, say what it should do, and try it in a dry run first.'
              : 'Once somebody in your organisation makes an automation, it is listed here.'
          }
          action={
            mayManage && (
              <ButtonLink variant="primary" href="/automations/new">
                See what can be automated
              </ButtonLink>
            )
          }
        />
      }
    />
  );
}
