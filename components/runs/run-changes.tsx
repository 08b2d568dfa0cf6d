'use client';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { fetchJson } from '@/components/api/fetch-json';
import { Button, Callout, Card, CardHeader, EmptyState, Nothing, Spinner } from '@/components/ui';
import { isFinished, type RunView, type WouldChange } from '@/lib/automations/contract';

interface Changes {
  readonly changes: readonly WouldChange[];
  readonly total: number;
}

const atFirst = 15;
const step = 50;

/** What a run changed, or what a dry run would change: before and after, one line each. */
export function RunChanges({ run }: { run: RunView }) {
  const count = run.steps.reduce((sum, { changes }) => sum + changes, 0);
  const [shown, setShown] = useState(atFirst);
  const { data, error } = useQuery({
    // Asked again whenever the number of changes has moved.
    queryKey: ['run-changes', run.id, count],
    queryFn: ({ signal }) => fetchJson<Changes>(`/api/runs/${run.id}/changes`, { signal }),
    placeholderData: (before) => before,
    enabled: count > 0,
  });
  const title = run.dryRun ? 'Would change' : 'Changed';
  if (count === 0) {
    if (!run.dryRun || !isFinished(run.state)) return null;
    return (
      <Card>
        <CardHeader title={title} />
        <EmptyState bare kind="no-match" title="Nothing would change" />
      </Card>
    );
  }
  const changes = data?.changes.slice(0, shown) ?? [];
  return (
    <Card>
      <CardHeader
        title={`${title} (${count.toLocaleString('en-GB')})`}
        description={run.dryRun ? 'None of this has been done.' : undefined}
      />
      {error && <Callout tone="danger" role="alert" title={error.message} className="m-4" />}
      {!data && !error && (
        <p className="flex items-center gap-2 p-5 text-muted text-sm">
          <Spinner /> Loading
        </p>
      )}
      <ul className="divide-y">
        {changes.map((change, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the record only grows at its end
          <ChangeLine key={index} change={change} />
        ))}
      </ul>
      {data && data.changes.length > shown && (
        <div className="border-t px-5 py-3">
          <Button size="sm" onClick={() => setShown(shown + step)}>
            Show more
          </Button>
        </div>
      )}
    </Card>
  );
}

function ChangeLine({ change: { title, before, after } }: { change: WouldChange }) {
  return (
    <li className="grid gap-x-6 gap-y-1 px-4 py-2.5 text-sm sm:px-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <span className="min-w-0 break-words">{title}</span>
      <span className="flex min-w-0 flex-wrap items-center gap-x-2 text-muted">
        {before === null ? <Nothing label="nothing yet" /> : before}
        <ArrowRight aria-label="becomes" className="size-3.5 shrink-0 text-faint" />
        <span className="min-w-0 break-words text-text">{after}</span>
      </span>
    </li>
  );
}
