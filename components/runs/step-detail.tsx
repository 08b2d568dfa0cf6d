'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { fetchJson } from '@/components/api/fetch-json';
import {
  Callout,
  Card,
  CardBody,
  CardHeader,
  Code,
  DateTime,
  Duration,
  JsonViewer,
  KeyValue,
  Spinner,
  StatusBadge,
  Tabs,
} from '@/components/ui';
import type { StepDetail as Detail, RunStepView } from '@/lib/automations/contract';
import { type EventHref, StepCalls } from './step-calls';
import { StepEffects } from './step-effects';

export interface StepDetailProps {
  runId: string;
  step: RunStepView;
  mayLookInside: boolean;
  /** Whether to lead to the audit; not everybody may see it. */
  mayAudit: boolean;
}

/** Milliseconds between looks at a step that is under way. */
const pollMs = 1_000;

/** All that is on record of one step, beside the timeline. */
export function StepDetail({ runId, step, mayLookInside, mayAudit }: StepDetailProps) {
  const { data, error } = useQuery({
    // Asked again whenever the step has moved.
    queryKey: ['run-step', runId, step.id, step.state, step.attempts],
    queryFn: ({ signal }) => fetchJson<Detail>(`/api/runs/${runId}/steps/${step.id}`, { signal }),
    placeholderData: keepPreviousData,
    enabled: mayLookInside,
    refetchInterval: step.state === 'running' && pollMs,
  });
  const detail = data?.id === step.id ? data : undefined;
  return (
    <Card aria-label="Step">
      <CardHeader title={step.title} actions={<StatusBadge status={step.state} />} />
      <CardBody className="flex flex-col gap-4">
        {step.error && (
          <Callout
            tone={step.state === 'failed' ? 'danger' : 'neutral'}
            title={step.error}
            role="status"
          />
        )}
        <KeyValue
          items={[
            { label: 'Action', value: <Code>{step.action}</Code> },
            { label: 'Attempts', value: step.attempts },
            {
              label: 'Waited',
              value: <Duration from={step.queuedAt} to={step.startedAt ?? step.finishedAt} />,
            },
            {
              label: 'Ran for',
              value: step.startedAt && <Duration from={step.startedAt} to={step.finishedAt} />,
            },
            {
              label: 'Began',
              value: step.startedAt && (
                <DateTime value={step.startedAt} format="absolute" seconds />
              ),
            },
          ]}
        />
        {error && !detail && <Callout tone="danger" role="alert" title={error.message} />}
        {!mayLookInside && (
          <p className="text-muted text-sm">
            What this step read and wrote is the organisation’s own. It is not shown in a support
            session.
          </p>
        )}
        {mayLookInside && !detail && !error && (
          <p className="flex items-center gap-2 text-muted text-sm">
            <Spinner /> Loading
          </p>
        )}
        {detail && (
          <Sides
            key={detail.id}
            detail={detail}
            eventHref={mayAudit ? (id) => `/audit?run=${runId}&event=${id}` : undefined}
          />
        )}
      </CardBody>
    </Card>
  );
}

function Sides({ detail, eventHref }: { detail: Detail; eventHref: EventHref | undefined }) {
  return (
    <Tabs
      label="Step"
      tabs={[
        {
          value: 'data',
          label: 'Input and output',
          content: (
            <div className="flex flex-col gap-3">
              <JsonViewer label="Input" value={detail.input} openLevels={1} />
              <JsonViewer label="Output" value={detail.output} openLevels={1} />
              <p className="text-muted text-xs">Secrets, texts and addresses are redacted.</p>
            </div>
          ),
        },
        {
          value: 'calls',
          label: 'Calls',
          count: detail.calls.total,
          content: <StepCalls calls={detail.calls} eventHref={eventHref} />,
        },
        {
          value: 'effects',
          label: 'Effects',
          count: detail.effects.total,
          content: <StepEffects effects={detail.effects} eventHref={eventHref} />,
        },
      ]}
    />
  );
}
