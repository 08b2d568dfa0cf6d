'use client';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { toast } from 'sonner';
import {
  Button,
  Callout,
  Card,
  CardBody,
  ConfirmDialog,
  DateTime,
  KeyValue,
  StatusBadge,
} from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import { type StreamRow, streamKindWords, type TestOutcome } from '@/lib/streams/contract';

type OnStream<Data> = (input: { streamId: string }) => Promise<ActionResult<Data>>;

export interface StreamActions {
  onPause: OnStream<unknown>;
  onResume: OnStream<unknown>;
  onTest: OnStream<TestOutcome>;
  onRemove: (input: { streamId: string; confirmation: string }) => Promise<ActionResult<unknown>>;
}

const statusOf = ({ state, failure }: StreamRow): string => {
  if (state === 'paused') return 'paused';
  return failure === null ? 'active' : 'failing';
};

function Lag({ stream }: { stream: StreamRow }) {
  if (stream.waiting === 0) return <>Nothing waits</>;
  return (
    <>
      {stream.waiting.toLocaleString('en')} {stream.waiting === 1 ? 'event' : 'events'}
      {stream.waitingSince && (
        <>
          , the oldest from <DateTime value={stream.waitingSince} />
        </>
      )}
    </>
  );
}

function Failure({ stream }: { stream: StreamRow }) {
  if (stream.failure === null || stream.state === 'paused') return null;
  return (
    <Callout tone="danger" title={stream.failure}>
      {stream.failingSince && (
        <>
          Since <DateTime value={stream.failingSince} format="absolute" />, {stream.failures}{' '}
          {stream.failures === 1 ? 'attempt' : 'attempts'}.{' '}
        </>
      )}
      {stream.nextAttemptAt && (
        <>
          The next one is due <DateTime value={stream.nextAttemptAt} />.{' '}
        </>
      )}
      Nothing is lost: what waits is sent in its order once it gets through.
    </Callout>
  );
}

function Buttons({ stream, actions }: { stream: StreamRow; actions: StreamActions }) {
  const router = useRouter();
  const [pending, start] = useTransition();
  const input = { streamId: stream.id };
  const paused = stream.state === 'paused';
  const act = (work: () => Promise<ActionResult<unknown>>) =>
    start(async () => {
      const result = await work();
      if (!result.ok) toast.error(result.error.message);
      router.refresh();
    });
  const test = () =>
    start(async () => {
      const result = await actions.onTest(input);
      if (!result.ok) toast.error(result.error.message);
      else if (result.data.arrived)
        toast.success(`The test arrived, in ${result.data.milliseconds} ms.`);
      else toast.error(`The test did not arrive. ${result.data.why}`);
    });
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="sm" disabled={pending} onClick={test}>
        Send a test
      </Button>
      <Button
        size="sm"
        disabled={pending}
        onClick={() => act(() => (paused ? actions.onResume(input) : actions.onPause(input)))}
      >
        {paused ? 'Resume' : 'Pause'}
      </Button>
      <ConfirmDialog
        trigger={
          <Button size="sm" variant="danger-ghost">
            Remove
          </Button>
        }
        title={`Remove ${stream.name}?`}
        description="No more events are sent there."
        consequences={[
          'What lets us in is deleted.',
          'What was sent stays where it is.',
          'The record itself is untouched.',
        ]}
        confirmText={stream.name}
        confirmLabel="Remove"
        onConfirm={async () => {
          const result = await actions.onRemove({ ...input, confirmation: stream.name });
          if (result.ok) router.refresh();
          return result;
        }}
      />
    </div>
  );
}

/** One stream: where to, how far behind, what stands in its way, and what can be done. */
export function StreamItem({ stream, actions }: { stream: StreamRow; actions: StreamActions }) {
  return (
    <li>
      <Card>
        <CardBody className="flex flex-col gap-4">
          <div className="flex flex-wrap items-start justify-between gap-3">
            <div className="min-w-0">
              <div className="flex flex-wrap items-center gap-2">
                <h2 className="font-medium text-sm">{stream.name}</h2>
                <StatusBadge status={statusOf(stream)} />
              </div>
              <p className="break-all text-muted text-xs">
                {streamKindWords[stream.kind].label} · {stream.destination}
              </p>
            </div>
            <Buttons stream={stream} actions={actions} />
          </div>
          <Failure stream={stream} />
          <KeyValue
            columns={3}
            items={[
              { label: 'Waiting', value: <Lag stream={stream} /> },
              {
                label: 'Last arrived',
                value: stream.deliveredAt && <DateTime value={stream.deliveredAt} />,
              },
              { label: 'Arrived so far', value: stream.delivered.toLocaleString('en') },
            ]}
          />
        </CardBody>
      </Card>
    </li>
  );
}
