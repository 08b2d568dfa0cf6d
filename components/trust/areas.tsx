import { CircleCheck, CircleX } from 'lucide-react';
import { Card, CardHeader, cn } from '@/components/ui';
import type { TrustReport } from '@/lib/trust/contract';

/** What the checks of this system are about, and how each came out. */
export function Areas({ report }: { report: TrustReport }) {
  return (
    <Card aria-labelledby="areas">
      <CardHeader id="areas" title="What is checked on this system" />
      <ul className="grid gap-x-8 px-4 py-2 sm:grid-cols-2 sm:px-5">
        {report.classes.map(({ name, cases, held }) => {
          const well = held === cases;
          const Icon = well ? CircleCheck : CircleX;
          return (
            <li key={name} className="flex items-center gap-2.5 py-1.5 text-sm">
              <Icon
                aria-hidden
                className={cn('size-4 shrink-0', well ? 'text-success' : 'text-danger')}
              />
              <span className="min-w-0 flex-1">{name}</span>
              <span data-numeric className="text-muted">
                {held} of {cases} hold
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
