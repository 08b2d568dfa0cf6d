import type { Filter } from '@/components/ui';
import { providerKeys, providerNames } from '@/lib/providers/contract';

/** What the list of tenants can be filtered and sorted by. */
export const tenantFilters: readonly Filter[] = [
  {
    param: 'state',
    label: 'State',
    options: [
      { value: 'active', label: 'Active' },
      { value: 'suspended', label: 'Suspended' },
      { value: 'deleting', label: 'Being deleted' },
    ],
  },
  {
    param: 'broken',
    label: 'Connections',
    options: [{ value: 'yes', label: 'Some are broken' }],
  },
  {
    param: 'provider',
    label: 'Provider',
    options: providerKeys.map((value) => ({ value, label: providerNames[value] })),
  },
  {
    param: 'seen',
    label: 'Activity',
    options: [
      { value: 'week', label: 'Within 7 days' },
      { value: 'month', label: 'Within 30 days' },
      { value: 'quiet', label: 'Quiet for 30 days' },
    ],
  },
  { param: 'from', label: 'Created from (UTC)', type: 'date' },
  { param: 'to', label: 'Created to (UTC)', type: 'date' },
  {
    param: 'sort',
    label: 'Order',
    unset: 'Newest first',
    options: [
      { value: 'oldest', label: 'Oldest first' },
      { value: 'name', label: 'By name' },
      { value: 'active', label: 'Last active first' },
      { value: 'quiet', label: 'Longest quiet first' },
    ],
  },
];
