import type { Filter } from '@/components/ui';
import { type ConnectionView, confirmationOf } from '@/lib/connections/contract';
import { resourceKindNames, resourceKinds } from '@/lib/providers/contract';

/** Filters of the resources, as the address holds them. */
export function resourceFilters(connections: readonly ConnectionView[]): readonly Filter[] {
  return [
    {
      param: 'kind',
      label: 'Kind',
      options: resourceKinds.map((kind) => ({ value: kind, label: resourceKindNames[kind] })),
    },
    {
      param: 'connection',
      label: 'Connection',
      options: connections.map((one) => ({ value: one.id, label: confirmationOf(one) })),
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
