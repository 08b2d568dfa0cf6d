import type { Filter } from '@/components/ui';
import {
  defaultPeriod,
  measures,
  measureWords,
  periodWords,
  usagePeriods,
} from '@/lib/usage/contract';

/** The filters of usage, as they stand in the address. */
export const usageFilters: readonly Filter[] = [
  {
    param: 'period',
    label: 'Period',
    unset: periodWords[defaultPeriod],
    options: usagePeriods
      .filter((period) => period !== defaultPeriod)
      .map((period) => ({ value: period, label: periodWords[period] })),
  },
  {
    param: 'kind',
    label: 'Kind',
    unset: 'All',
    options: measures.map((measure) => ({ value: measure, label: measureWords[measure].title })),
  },
];
