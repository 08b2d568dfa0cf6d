import Link from 'next/link';
import {
  Badge,
  ButtonLink,
  Card,
  CardHeader,
  DateTime,
  EmptyState,
  StatusBadge,
} from '@/components/ui';
import type { RecentRun } from '@/lib/overview/contract';

/** The latest runs, newest first. */
export function RecentRuns({ runs }: { runs: readonly RecentRun[] }) {
  return (
    <Card aria-labelledby="recent-runs">
      <CardHeader
        id="recent-runs"
        title="Last runs"
        actions={
          <ButtonLink size="sm" variant="ghost" href="/runs">
            All runs
          </ButtonLink>
        }
      />
      {runs.length === 0 ? (
        <EmptyState bare title="Nothing has run yet" className="py-10" />
      ) : (
        <ul className="divide-y">
          {runs.map((run) => (
            <li
              key={run.id}
              className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5 sm:flex-nowrap sm:px-5"
            >
              <div className="min-w-0 flex-[1_1_9rem] sm:flex-1">
                <Link
                  href={`/runs/${run.id}`}
                  className="block wrap-anywhere rounded-sm py-0.5 font-medium text-sm hover:underline sm:truncate"
                >
                  {run.automation}
                </Link>
                <p className="text-muted text-xs">
                  <DateTime value={run.at} />
                </p>
              </div>
              <div className="flex gap-2">
                {run.dryRun && <Badge>Dry run</Badge>}
                <StatusBadge status={run.state} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
