'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { fetchJson } from '@/components/api/fetch-json';
import { Badge, Callout, Card, CardBody, PageHeader, StatusBadge } from '@/components/ui';
import { isFinished, type RunStepView, type RunView } from '@/lib/automations/contract';
import { RunActions, type RunActionsProps } from './run-actions';
import { RunChanges } from './run-changes';
import { RunFacts } from './run-facts';
import { RunOutcome } from './run-outcome';
import { RunTimeline } from './run-timeline';
import { StepDetail } from './step-detail';

export interface RunPageProps extends Pick<RunActionsProps, 'rerun' | 'cancel'> {
  /** The run as the server rendered it. */
  initial: RunView;
  mayStart: boolean;
  mayAudit: boolean;
  /** Whether they are shown what its steps read and wrote. */
  mayLookInside: boolean;
}

/** Milliseconds between looks at a run that is under way. */
const pollMs = 1_000;

/** The step to show when none is chosen: where it failed, where it is, or where it began. */
function telling(steps: readonly RunStepView[]): RunStepView | undefined {
  return (
    steps.find(({ state }) => state === 'failed') ??
    steps.find(({ state }) => state === 'running' || state === 'retrying') ??
    steps[0]
  );
}

/** Where the detail stands below the timeline, a newly chosen step is brought into sight. */
function useScrollOnChange(chosen: string | null) {
  const detail = useRef<HTMLDivElement>(null);
  const before = useRef(chosen);
  useEffect(() => {
    if (before.current === chosen) return;
    before.current = chosen;
    detail.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return detail;
}

/** A run, live while it is under way. */
export function RunPage(props: RunPageProps) {
  const { initial, rerun, cancel, mayStart, mayAudit, mayLookInside } = props;
  const search = useSearchParams();
  const client = useQueryClient();
  const queryKey = ['run', initial.id];
  const { data: run, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => fetchJson<RunView>(`/api/runs/${initial.id}`, { signal }),
    initialData: initial,
    staleTime: isFinished(initial.state) ? Number.POSITIVE_INFINITY : 0,
    refetchInterval: ({ state: { data } }) => (data && isFinished(data.state) ? false : pollMs),
  });
  const chosen = search.get('step');
  const step = run.steps.find(({ id }) => id === chosen) ?? telling(run.steps);
  const detail = useScrollOnChange(chosen);
  return (
    <>
      <PageHeader
        breadcrumbs={[
          { label: 'Runs', href: '/runs' },
          { label: run.automationName, href: `/automations/${run.automationId}` },
        ]}
        title={run.automationName}
        badge={
          <>
            <StatusBadge status={run.state} />
            {run.dryRun && <Badge>Dry run</Badge>}
          </>
        }
        actions={
          mayStart && (
            <RunActions
              run={run}
              rerun={rerun}
              cancel={cancel}
              onChanged={() => client.invalidateQueries({ queryKey })}
            />
          )
        }
      />
      <div className="flex flex-col gap-4">
        {error && (
          <Callout tone="warning" role="status" title="The page can’t be kept up to date right now">
            {error.message}
          </Callout>
        )}
        <RunOutcome run={run} />
        <Card>
          <CardBody>
            <RunFacts run={run} mayAudit={mayAudit} />
          </CardBody>
        </Card>
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <RunTimeline
            run={run}
            selectedId={step?.id}
            hrefOf={(id) => `/runs/${run.id}?step=${id}`}
          />
          {step && (
            <div ref={detail} className="scroll-mt-4">
              <StepDetail
                runId={run.id}
                step={step}
                mayLookInside={mayLookInside}
                mayAudit={mayAudit}
              />
            </div>
          )}
        </div>
        {mayLookInside && <RunChanges run={run} />}
      </div>
    </>
  );
}
