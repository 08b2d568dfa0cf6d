import { ButtonLink, Callout, durationText, Stat } from '@/components/ui';
import type { EngineView as View } from '@/lib/console/contract';
import {
  failureColumns,
  functionColumns,
  jobColumns,
  tenantQueueColumns,
  workerColumns,
} from './engine-columns';
import { Part } from './part';

const whole = <Row,>(items: readonly Row[]) => ({ items, more: false });

/** Where Inngest does the work, it has the queue. */
export function InngestNotice({ view }: { view: Extract<View, { mode: 'inngest' }> }) {
  return (
    <Callout
      tone="info"
      title="Inngest carries out the background work"
      action={
        <ButtonLink size="sm" href={view.dashboard}>
          Open Inngest
        </ButtonLink>
      }
    >
      Its queue, failures and schedules stand there. {view.undispatched} jobs wait here to be handed
      on to it.
    </Callout>
  );
}

/** The embedded engine: its queue, what is being done, what fails, and who is at work. */
export function EngineView({ view }: { view: Extract<View, { mode: 'embedded' }> }) {
  const { totals } = view;
  const names = new Map(view.functions.map(({ functionId, name }) => [functionId, name]));
  const nameOf = (id: string) => names.get(id) ?? id;
  return (
    <>
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat
          label="Waiting for their turn"
          value={totals.waiting}
          detail={totals.waiting > 0 ? `longest ${durationText(totals.oldestWaitMs)}` : 'none late'}
        />
        <Stat label="Running" value={totals.held} />
        <Stat label="Parked until their time" value={totals.scheduled} />
        <Stat
          label="Processes at work"
          value={totals.workers}
          detail={`${totals.unrouted} events to turn into jobs`}
        />
      </div>
      <Part
        title="Queue by tenant"
        list={whole(view.tenants)}
        columns={tenantQueueColumns}
        rowKey={({ tenantId }) => tenantId ?? 'platform'}
        empty="Nothing waits and nothing runs"
      />
      <Part
        title="Jobs that are not done"
        list={whole(view.jobs)}
        columns={jobColumns(nameOf)}
        rowKey={({ id }) => id}
        empty="No job matches"
      />
      <Part
        title="Failed in the last 24 hours"
        list={whole(view.failures)}
        columns={failureColumns(nameOf)}
        rowKey={({ id }) => id}
        empty="Nothing failed"
      />
      <Part
        title="Functions"
        list={whole(view.functions)}
        columns={functionColumns}
        rowKey={({ functionId }) => functionId}
        empty="No function is known"
      />
      <Part
        title="Workers"
        list={whole(view.workers)}
        columns={workerColumns}
        rowKey={({ id }) => String(id)}
        empty="No process is at work"
      />
    </>
  );
}
