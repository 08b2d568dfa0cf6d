import type { Filter } from '@/components/ui';
import { ruleWords } from '@/lib/alerts/contract';

/** The filters of the list of alerts. */
export const alertFilters: readonly Filter[] = [
  {
    param: 'state',
    label: 'State',
    options: [
      { value: 'open', label: 'Open' },
      { value: 'acknowledged', label: 'Acknowledged' },
    ],
  },
  {
    param: 'rule',
    label: 'Rule',
    options: Object.entries(ruleWords).map(([value, { title }]) => ({ value, label: title })),
  },
  { param: 'tenant', label: 'Tenant id', type: 'text' },
];
