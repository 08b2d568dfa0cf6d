import { ExternalLink } from 'lucide-react';
import { DateTime, Nothing } from '@/components/ui';
import type { ReportColumn } from '@/lib/automations/contract';

export interface ReportCellProps {
  column: ReportColumn;
  value: string | number | null;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size in bytes for people, in decimal units. */
function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const digits = power === 0 ? 0 : 1;
  return `${(bytes / 1_000 ** power).toFixed(digits)} ${units[power]}`;
}

/** A provider's address; anything that is not http(s) is shown as text, never as a link. */
function LinkCell({ address }: { address: string }) {
  if (!/^https?:\/\//i.test(address)) return <span className="break-all">{address}</span>;
  return (
    <a
      href={address}
      target="_blank"
      rel="noreferrer noopener"
      className="inline-flex items-center gap-1 whitespace-nowrap text-accent underline-offset-4 hover:underline"
    >
      Open
      <ExternalLink aria-hidden className="size-3.5" />
      <span className="sr-only">(in a new tab)</span>
    </a>
  );
}

/** One value of a report, as its column says. */
export function ReportCell({ column, value }: ReportCellProps) {
  if (value === null || value === '') return <Nothing label="empty" />;
  switch (column.type) {
    case 'number':
      return <span data-numeric>{value.toLocaleString('en-GB')}</span>;
    case 'bytes':
      return (
        <span data-numeric className="whitespace-nowrap">
          {bytesText(Number(value))}
        </span>
      );
    case 'instant':
      return <DateTime value={String(value)} format="absolute" className="whitespace-nowrap" />;
    case 'link':
      return <LinkCell address={String(value)} />;
    case 'text':
      return <span className="break-words">{value}</span>;
  }
}
