import { Download } from 'lucide-react';
import { buttonStyles } from '@/components/ui';
import type { UsageFilter } from '@/lib/usage/contract';

/** Downloads the chosen period as CSV: every kind, an hour or a day to a line. */
export function ExportLink({ path, filter }: { path: string; filter: UsageFilter }) {
  const query = filter.period ? `?period=${filter.period}` : '';
  return (
    <a href={`${path}${query}`} download className={buttonStyles({})}>
      <Download aria-hidden />
      Export CSV
    </a>
  );
}
