import { auditActions, auditOutcomes } from '@/lib/audit/contract';

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** The filters that every view of the record has; days are in UTC, as the record is. */
export const auditFilters = [
  {
    param: 'action',
    label: 'What',
    options: Object.entries(auditActions).map(([value, label]) => ({ value, label })),
  },
  {
    param: 'outcome',
    label: 'Outcome',
    options: auditOutcomes.map((value) => ({ value, label: capital(value) })),
  },
  { param: 'from', label: 'From (UTC)', type: 'date' as const },
  { param: 'to', label: 'To (UTC)', type: 'date' as const },
  { param: 'run', label: 'Run id', type: 'text' as const },
  { param: 'request', label: 'Request id', type: 'text' as const },
];
