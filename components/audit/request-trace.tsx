import Link from 'next/link';
import {
  Badge,
  ButtonLink,
  Card,
  CardBody,
  CardHeader,
  type Column,
  DateTime,
  durationText,
  Nothing,
  StatusBadge,
  Table,
} from '@/components/ui';
import type { RequestTrace as Trace, TracedCall } from '@/lib/trace/contract';

const link = 'rounded-sm text-accent underline-offset-4 hover:underline';

const callColumns: readonly Column<TracedCall>[] = [
  {
    key: 'call',
    header: 'Call',
    primary: true,
    cell: ({ method, host, path }) => (
      <code className="break-all text-xs">
        <span className="text-muted">{method}</span> {host}
        {path}
      </code>
    ),
  },
  {
    key: 'for',
    header: 'For',
    cell: ({ runId, stepId, connectionId }) =>
      runId ? (
        <Link className={link} href={`/runs/${runId}${stepId ? `?step=${stepId}` : ''}`}>
          Step of the run
        </Link>
      ) : (
        <Link className={link} href={`/connections/${connectionId}`}>
          Discovery
        </Link>
      ),
  },
  {
    key: 'answer',
    header: 'Answer',
    width: 'w-24',
    cell: ({ status }) => (
      <Badge tone={status !== null && status < 400 ? 'success' : 'danger'}>
        {status ?? 'No answer'}
      </Badge>
    ),
  },
  {
    key: 'took',
    header: 'Took',
    width: 'w-20',
    align: 'right',
    cell: ({ durationMs }) => <span data-numeric>{durationText(durationMs)}</span>,
  },
];

function Runs({ runs }: Pick<Trace, 'runs'>) {
  if (runs.length === 0) return <Nothing label="no run" />;
  return (
    <ul className="flex flex-col gap-1.5">
      {runs.map((run) => (
        <li key={run.id} className="flex flex-wrap items-center gap-2 text-sm">
          <Link className={link} href={`/runs/${run.id}`}>
            {run.name}
          </Link>
          <StatusBadge status={run.state} />
          <DateTime value={run.at} className="text-muted text-xs" />
        </li>
      ))}
    </ul>
  );
}

/** What a request led to, above the events that carry its id. */
export function RequestTrace({ trace }: { trace: Trace }) {
  const { requestId, runs, calls, moreCalls, refusals } = trace;
  return (
    <Card className="mb-4" aria-label="What this request led to">
      <CardHeader
        title="What this request led to"
        description={<code className="break-all text-xs">{requestId}</code>}
        actions={
          refusals > 0 && (
            <ButtonLink size="sm" href={`/access-log?request=${encodeURIComponent(requestId)}`}>
              {refusals === 1 ? '1 refusal' : `${refusals} refusals`}
            </ButtonLink>
          )
        }
      />
      <CardBody className="flex flex-col gap-4">
        <div>
          <h3 className="mb-1.5 text-muted text-xs">Runs</h3>
          <Runs runs={runs} />
        </div>
        <div>
          <h3 className="mb-1.5 text-muted text-xs">
            Calls to providers {calls.length > 0 && `(${calls.length}${moreCalls ? '+' : ''})`}
          </h3>
          {calls.length === 0 ? (
            <Nothing label="no call" />
          ) : (
            <details>
              <summary className="cursor-pointer text-sm">Show them</summary>
              <Table
                className="mt-2"
                caption="Calls to providers"
                columns={callColumns}
                rows={calls}
                rowKey={({ id }) => id}
              />
            </details>
          )}
        </div>
      </CardBody>
    </Card>
  );
}
