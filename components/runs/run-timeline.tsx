import { Card, CardBody, CardHeader, Waterfall } from '@/components/ui';
import type { RunView } from '@/lib/automations/contract';

export interface RunTimelineProps {
  run: RunView;
  selectedId: string | undefined;
  hrefOf: (stepId: string) => string;
}

const at = (instant: string | null) => (instant === null ? null : Date.parse(instant));

/** A chunk's title with what tells it apart in front: the end may be cut off. */
function shortTitle(title: string): string {
  const chunk = /^(.*) \((\d+–\d+) of \d+\)$/.exec(title);
  if (!chunk?.[2]) return title;
  const [from, to] = chunk[2].split('–');
  return `${from === to ? from : chunk[2]} · ${chunk[1]}`;
}

/** When each step waited and ran, and what is still to come. */
export function RunTimeline({ run, selectedId, hrefOf }: RunTimelineProps) {
  return (
    <Card>
      <CardHeader title="Timeline" />
      <CardBody className="px-2 sm:px-3">
        {run.steps.length === 0 ? (
          <p className="px-2 text-muted text-sm">
            {run.state === 'queued'
              ? 'Waiting for its turn. It begins by itself.'
              : 'It ended before its first step.'}
          </p>
        ) : (
          <Waterfall
            label="Steps"
            now={Date.parse(run.finishedAt ?? run.now)}
            selectedId={selectedId}
            hrefOf={hrefOf}
            spans={run.steps.map((step) => ({
              id: step.id,
              label: shortTitle(step.title),
              status: step.state,
              queuedAt: Date.parse(step.queuedAt),
              startedAt: at(step.startedAt),
              finishedAt: at(step.finishedAt),
              attempts: step.attempts,
            }))}
          />
        )}
        {run.upcoming.length > 0 && (
          <p className="mt-3 border-t px-2 pt-3 text-muted text-xs">
            Still to come: {run.upcoming.join(', ')}
          </p>
        )}
      </CardBody>
    </Card>
  );
}
