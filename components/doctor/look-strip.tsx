import Link from 'next/link';
import { cn } from '@/components/ui';
import type { DoctorLook } from '@/lib/doctor/contract';

const said = ({ failed, checks }: DoctorLook) =>
  failed === 0 ? `${checks} checks, all held` : `${failed} of ${checks} checks found something`;

const when = ({ at }: DoctorLook) => `${at.slice(0, 16).replace('T', ' ')} UTC`;

interface LookStripProps {
  /** Newest first. */
  history: readonly DoctorLook[];
  /** The id of the one that is shown. */
  shown: string;
}

/** Past looks as a strip, oldest first, to see at a glance; what it says stands in words beneath. */
function Strip({ history, shown }: LookStripProps) {
  return (
    <div aria-hidden className="flex h-8 items-end gap-0.5 sm:gap-1">
      {[...history].reverse().map((look) => (
        <span
          key={look.id}
          title={`${when(look)}: ${said(look)}`}
          className={cn(
            'w-2 rounded-sm sm:w-2.5',
            look.ok ? 'h-4 bg-success-solid' : 'h-8 bg-danger-solid',
            look.id === shown && 'outline-2 outline-offset-1 outline-text',
          )}
        />
      ))}
    </div>
  );
}

/** The latest looks: at a glance, and in words that lead to each. */
export function LookStrip({ history, shown }: LookStripProps) {
  return (
    <div className="text-sm">
      <Strip history={history} shown={shown} />
      <details className="mt-2" hidden={history.length < 2}>
        <summary className="w-fit cursor-pointer rounded-sm py-1 text-accent">
          Open one of them
        </summary>
        <ul aria-label="Looks, newest first" className="mt-1 max-h-72 overflow-y-auto">
          {history.map((look) => (
            <li key={look.id} className="border-b last:border-b-0">
              <Link
                href={`/admin/doctor?look=${look.id}`}
                aria-current={look.id === shown || undefined}
                className="block rounded-sm py-2 hover:underline aria-[current]:font-medium"
              >
                <span data-numeric>{when(look)}</span>
                <span className={cn('block', look.ok ? 'text-muted' : 'text-danger')}>
                  {said(look)}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
