import { kindLooks } from '@/components/connections/kinds';
import { type Column, cn, DateTime, longText, StatusBadge } from '@/components/ui';
import { nameOf, type ResourceView } from '@/lib/connections/contract';
import { resourceKindNames } from '@/lib/providers/contract';

export const resourceColumns: readonly Column<ResourceView>[] = [
  {
    key: 'name',
    header: 'Name',
    primary: true,
    cell: ({ name, kind }) => {
      const { icon: Icon } = kindLooks[kind];
      return (
        <span className="inline-flex min-w-0 max-w-full items-center gap-2">
          <Icon aria-hidden className="size-4 shrink-0 text-faint" />
          <span className={longText}>{name || 'Without a name'}</span>
        </span>
      );
    },
  },
  { key: 'kind', header: 'Kind', width: 'w-28', cell: ({ kind }) => resourceKindNames[kind] },
  {
    key: 'connection',
    header: 'Connection',
    cell: (resource) => (
      <span className={cn('block text-muted', longText)}>{nameOf(resource)}</span>
    ),
  },
  {
    key: 'presence',
    header: 'State',
    width: 'w-28',
    from: 'lg',
    cell: ({ goneAt }) => <StatusBadge variant="text" status={goneAt ? 'gone' : 'present'} />,
  },
  {
    key: 'updated',
    header: 'Changed',
    width: 'w-32',
    from: 'lg',
    cell: ({ updatedAt }) => <DateTime value={updatedAt} className="whitespace-nowrap" />,
  },
];
