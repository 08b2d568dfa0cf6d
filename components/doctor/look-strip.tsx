import { cn } from '@/components/ui';
import type { DoctorLook } from '@/lib/doctor/contract';

const said = ({ failed, checks }: DoctorLook) =>
  failed === 0 ? `${checks} checks, all held` : `${failed} of ${checks} checks found something`;

/** Past looks as a strip, oldest first; each says its time and outcome in words. */
export function LookStrip({ history }: { history: readonly DoctorLook[] }) {
  return (
    <ol aria-label="Past looks, oldest first" className="flex h-8 items-end gap-1">
      {[...history].reverse().map((look) => {
        const words = `${look.at.slice(0, 16).replace('T', ' ')} UTC: ${said(look)}`;
        return (
          <li
            key={look.id}
            title={words}
            className={cn(
              'w-2 rounded-sm sm:w-2.5',
              look.ok ? 'h-4 bg-success-solid' : 'h-8 bg-danger-solid',
            )}
          >
            <span className="sr-only">{words}</span>
          </li>
        );
      })}
    </ol>
  );
}
