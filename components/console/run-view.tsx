import {
  ButtonLink,
  Card,
  CardBody,
  CardHeader,
  type Column,
  DateTime,
  KeyValue,
  type KeyValueItem,
  Nothing,
  StatusBadge,
  Waterfall,
} from '@/components/ui';
import type { PlatformEffectRow, PlatformRun } from '@/lib/console/contract';
import { authorityNames, providerNames } from '@/lib/providers/contract';
import { callsOfRunColumns } from './call-columns';
import { eventsOfRunColumns } from './event-columns';
import { hrefs, RequestLink, To } from './links';
import { Part } from './part';
import { RunTimes, triggerWords } from './run-columns';

/** What the steps of a template are called, by the first part of their keys. */
export type StepTitles = Readonly<Record<string, string>>;

const titleOf = (titles: StepTitles, key: string): string => {
  const [step = key, chunk] = key.split('/');
  const title = titles[step] ?? step;
  return chunk ? `${chunk} · ${title}` : title;
};

const at = (instant: string | null) => (instant === null ? null : Date.parse(instant));

const utc = (value: string) => <DateTime value={value} format="absolute" timeZone="UTC" seconds />;

function facts(run: PlatformRun): KeyValueItem[] {
  const { connection, requestedBy } = run;
  return [
    {
      label: 'Tenant',
      value: (
        <To to="tenant" id={run.tenantId}>
          {run.tenantName}
        </To>
      ),
    },
    {
      label: 'Started',
      value: (
        <span>
          {triggerWords(run)}
          {requestedBy && ', by '}
          {requestedBy && (
            <To to="person" id={requestedBy.id}>
              {requestedBy.name}
            </To>
          )}
        </span>
      ),
    },
    { label: 'Asked for (UTC)', value: utc(run.createdAt) },
    { label: 'Waited + ran', value: <RunTimes run={run} /> },
    {
      label: 'Connection',
      value: (
        <span className="flex flex-wrap items-center gap-2">
          <To to="connection" id={connection.id}>
            {providerNames[connection.provider]}, {authorityNames[connection.authority]}
          </To>
          <StatusBadge status={connection.state} />
        </span>
      ),
    },
    {
      label: 'Request',
      value: run.requestId ? <RequestLink id={run.requestId} /> : <Nothing label="not on record" />,
    },
    { label: 'Run id', value: <code className="text-xs">{run.id}</code>, copy: run.id },
    ...(run.rerunOf
      ? [
          {
            label: 'Runs again',
            value: (
              <To to="run" id={run.rerunOf}>
                an earlier run
              </To>
            ),
          },
        ]
      : []),
  ];
}

const effectColumns = (stepOf: (id: string) => string): readonly Column<PlatformEffectRow>[] => [
  {
    key: 'id',
    header: 'Change',
    primary: true,
    cell: (row) => <code className="break-all text-xs">{row.id}</code>,
  },
  { key: 'action', header: 'Action', cell: (row) => <code className="text-xs">{row.action}</code> },
  { key: 'step', header: 'Step', from: 'lg', cell: (row) => stepOf(row.stepId) },
  { key: 'state', header: 'State', cell: (row) => <StatusBadge status={row.state} /> },
  { key: 'at', header: 'Begun (UTC)', width: 'w-36', cell: (row) => utc(row.at) },
];

function Timeline({ run, titles }: { run: PlatformRun; titles: StepTitles }) {
  return (
    <Card className="mt-6">
      <CardHeader
        title="Timeline"
        description="When each step waited and ran. What it was given and gave stays with the tenant."
      />
      <CardBody className="px-2 sm:px-3">
        {run.steps.length === 0 ? (
          <p className="px-2 text-muted text-sm">
            {run.finishedAt ? 'It ended before its first step.' : 'Waiting for its turn.'}
          </p>
        ) : (
          <Waterfall
            label="Steps"
            now={Date.parse(run.finishedAt ?? run.now)}
            spans={run.steps.map((step) => ({
              id: step.id,
              label: titleOf(titles, step.key),
              status: step.state,
              queuedAt: Date.parse(step.queuedAt),
              startedAt: at(step.startedAt),
              finishedAt: at(step.finishedAt),
              attempts: step.attempts,
            }))}
          />
        )}
      </CardBody>
    </Card>
  );
}

/** How a run ran, and what is on record of it; nothing of what it touched by name. */
export function RunView({ run, titles }: { run: PlatformRun; titles: StepTitles }) {
  const steps = new Map(run.steps.map(({ id, key }) => [id, titleOf(titles, key)]));
  const stepOf = (id: string) => steps.get(id) ?? 'a step that is gone';
  return (
    <>
      <Card>
        <CardBody>
          <KeyValue columns={3} items={facts(run)} />
        </CardBody>
      </Card>
      <Timeline run={run} titles={titles} />
      <Part
        title="Provider calls"
        list={run.calls}
        columns={callsOfRunColumns(stepOf)}
        rowKey={({ id }) => id}
        empty="No provider was called"
      />
      <Part
        title="Changes"
        list={run.effects}
        columns={effectColumns(stepOf)}
        rowKey={({ id }) => id}
        empty="Nothing was changed at the provider"
      />
      <Part
        title="On record"
        list={run.events}
        columns={eventsOfRunColumns}
        rowKey={({ id }) => id}
        empty="No event is on record"
        all={{ href: `/admin/audit?tenant=${run.tenantId}&run=${run.id}`, label: 'In the audit' }}
      />
      {run.requestId && (
        <p className="mt-6">
          <ButtonLink href={hrefs.request(run.requestId)}>All of the request</ButtonLink>
        </p>
      )}
    </>
  );
}
