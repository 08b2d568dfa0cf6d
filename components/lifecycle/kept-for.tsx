import { DateTime } from '@/components/ui';
import { inDays, type RetentionRow } from '@/lib/lifecycle/contract';

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
