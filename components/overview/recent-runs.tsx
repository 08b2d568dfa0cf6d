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
              className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 sm:px-5"
            >
              <Link
                href={`/runs/${run.id}`}
                className="min-w-0 flex-1 basis-40 truncate rounded-sm font-medium text-sm hover:underline"
              >
                {run.automation}
              </Link>
              {run.dryRun && <Badge>Dry run</Badge>}
              <StatusBadge status={run.state} />
              <DateTime value={run.at} className="w-24 text-right text-muted text-xs" />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
