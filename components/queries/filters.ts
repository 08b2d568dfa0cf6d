import type { Filter } from '@/components/ui';
import type { QueryFilter, QuerySort, QueryWindow } from '@/lib/queries/contract';

const windows: Readonly<Record<QueryWindow, string>> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
};

const sorts: Readonly<Record<QuerySort, string>> = {
  total: 'Most time in all',
  max: 'Slowest call',
  p95: 'Slow for most calls',
};

const optionsOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

/** Filters of the slowest queries, with the words people read. */
export const queryFilters: readonly Filter[] = [
  {
    param: 'window',
    label: 'Within',
    options: optionsOf(windows),
  },
  {
    param: 'sort',
    label: 'First',
    options: optionsOf(sorts),
  },
  { param: 'tenant', label: 'Tenant id', type: 'text' },
];

/** How far back is looked, within a sentence. */
export const windowText = ({ window = '24h' }: QueryFilter): string =>
  windows[window].toLowerCase();

/** What is looked at and in which order, also where nothing was chosen. */
export function shownText(filter: QueryFilter): string {
  return `Over the ${windowText(filter)}, ${sorts[filter.sort ?? 'total'].toLowerCase()} first.`;
}
