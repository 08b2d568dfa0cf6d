import type { Filter } from '@/components/ui';

/** Filters of the slowest queries, with the words people read. */
export const queryFilters: readonly Filter[] = [
  {
    param: 'window',
    label: 'Within',
    options: [
      { value: '1h', label: 'Last hour' },
      { value: '24h', label: 'Last 24 hours' },
      { value: '7d', label: 'Last 7 days' },
    ],
  },
  {
    param: 'sort',
    label: 'First',
    options: [
      { value: 'total', label: 'Most time in all' },
      { value: 'max', label: 'Slowest call' },
      { value: 'p95', label: 'Slow for most calls' },
    ],
  },
  { param: 'tenant', label: 'Tenant id', type: 'text' },
];
