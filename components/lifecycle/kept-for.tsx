import { DateTime } from '@/components/ui';
import type { RetentionRow } from '@/lib/lifecycle/contract';

export const inDays = (days: number): string => `${days} ${days === 1 ? 'day' : 'days'}`;

/** How long something is kept now, and for how long from when on. */
export function KeptFor({ days, later }: Pick<RetentionRow, 'days' | 'later'>) {
  return (
    <span data-numeric className="sm:whitespace-nowrap">
      {inDays(days)}
      {later.map((one) => (
        <span key={one.from} className="block text-muted text-xs">
          {inDays(one.days)} from <DateTime value={one.from} format="absolute" timeZone="UTC" /> UTC
        </span>
      ))}
    </span>
  );
}
