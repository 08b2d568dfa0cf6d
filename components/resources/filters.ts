import type { Filter } from '@/components/ui';
import { type ConnectionView, nameOf, type SearchWay } from '@/lib/connections/contract';
import { resourceKindNames, resourceKinds } from '@/lib/providers/contract';

/** What the search box can be told to compare, besides any part of the name. */
const searchWayNames: Readonly<Record<Exclude<SearchWay, 'name'>, string>> = {
  words: 'Words, also of the description',
  owner: 'Owner, in full',
  mimeType: 'File type, in full',
  type: 'Type, in full',
  timeZone: 'Time zone, in full',
  accessRole: 'Access, in full',
};

/** Filters of the resources, as the address holds them. */
export function resourceFilters(connections: readonly ConnectionView[]): readonly Filter[] {
  return [
    {
      param: 'by',
      label: 'Search by',
      unset: 'Any part of the name',
      options: Object.entries(searchWayNames).map(([value, label]) => ({ value, label })),
    },
    {
      param: 'kind',
      label: 'Kind',
      options: resourceKinds.map((kind) => ({ value: kind, label: resourceKindNames[kind] })),
    },
    {
      param: 'connection',
      label: 'Connection',
      options: connections.map((one) => ({ value: one.id, label: nameOf(one) })),
    },
    {
      param: 'presence',
      label: 'Gone',
      options: [
        { value: 'gone', label: 'only what is gone' },
        { value: 'all', label: 'also what is gone' },
      ],
    },
  ];
}
