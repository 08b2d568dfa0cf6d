import Link from 'next/link';
import { Card, CardHeader, DateTime, EmptyState } from '@/components/ui';
import type { NextRun } from '@/lib/overview/contract';

/** What will run by itself, soonest first. */
export function NextRuns({ next }: { next: readonly NextRun[] }) {
  return (
    <Card aria-labelledby="next-runs">
      <CardHeader id="next-runs" title="Next on schedule" />
      {next.length === 0 ? (
        <EmptyState
          bare
          title="Nothing is scheduled"
          description="Give an automation a schedule, and it runs by itself."
          className="py-8"
        />
      ) : (
        <ul className="divide-y">
          {next.map((run) => (
            <li
              key={run.automationId}
              className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2.5 sm:px-5"
            >
              <Link
                href={`/automations/${run.automationId}`}
                className="wrap-anywhere min-w-0 flex-[1_1_10rem] rounded-sm py-0.5 font-medium text-sm hover:underline"
              >
                {run.name}
              </Link>
              <DateTime value={run.at} format="absolute" className="text-muted text-xs" />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
