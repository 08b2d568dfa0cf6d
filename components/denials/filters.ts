import type { Filter } from '@/components/ui';
import { denialReasonWords } from '@/lib/denials/contract';

/** The filters that every view of the record has; days are in UTC, as the record is. */
export const denialFilters: readonly Filter[] = [
  {
    param: 'reason',
    label: 'Why',
    options: Object.entries(denialReasonWords).map(([value, label]) => ({ value, label })),
  },
  { param: 'from', label: 'From (UTC)', type: 'date' },
  { param: 'to', label: 'To (UTC)', type: 'date' },
  { param: 'request', label: 'Request id', type: 'text' },
];
