import type { Filter, Status } from '@/components/ui';
import type { DeletionState, DeletionView } from '@/lib/lifecycle/contract';

const statuses: Readonly<Record<DeletionState, Status>> = {
  grace: 'in_grace',
  under_way: 'erasing',
  done: 'deleted',
  ended: 'stopped',
};

/** How a deletion stands, as a badge shows it. */
export const deletionStatus = ({ state }: Pick<DeletionView, 'state'>): Status => statuses[state];

/** The filters of the list of deletions. */
export const deletionFilters: readonly Filter[] = [
  {
    param: 'state',
    label: 'State',
    options: [
      { value: 'open', label: 'Not done' },
      { value: 'failing', label: 'A stage fails' },
      { value: 'grace', label: 'In grace' },
      { value: 'under_way', label: 'Being deleted' },
      { value: 'done', label: 'Deleted' },
      { value: 'ended', label: 'Stopped' },
    ],
  },
];
