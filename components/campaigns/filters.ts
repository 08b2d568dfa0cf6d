import type { Filter } from '@/components/ui';

/** The filters of the connections of a campaign. */
export const requestFilters: readonly Filter[] = [
  {
    param: 'state',
    label: 'State',
    options: [
      { value: 'waiting', label: 'Waiting' },
      { value: 'done', label: 'Done' },
      { value: 'overdue', label: 'Overdue' },
      { value: 'stopped', label: 'Stopped' },
    ],
  },
];
