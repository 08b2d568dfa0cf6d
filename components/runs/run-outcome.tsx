import { FileSpreadsheet } from 'lucide-react';
import { ButtonLink, Callout, Stat } from '@/components/ui';
import type { RunView } from '@/lib/automations/contract';
import { wantsReconnect } from '@/lib/connections/contract';

/** What came of a run: figures, the report, or why it failed and what to do next. */
export function RunOutcome({ run }: { run: RunView }) {
  const { state, error, summary, reports, connection } = run;
  return (
    <div className="flex flex-col gap-4 empty:hidden">
      {state === 'failed' && (
        <Callout
          tone="danger"
          title={error ?? 'It did not get through.'}
          action={
            wantsReconnect(connection.state) && (
              <ButtonLink size="sm" href={`/connections/${connection.id}`}>
                Open the connection
              </ButtonLink>
            )
          }
        >
          What was done before is on record below. You can run it again once the cause is gone.
        </Callout>
      )}
      {state === 'cancelled' && (
        <Callout tone="neutral" title="This run was cancelled">
          What was done before it stopped stays done, and is on record below.
        </Callout>
      )}
      {run.dryRun && (
        <Callout tone="info" title="A dry run: nothing is changed">
          Every step only looks, and notes what it would change.
        </Callout>
      )}
      {summary.length > 0 && (
        <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
          {summary.map(({ label, value }) => (
            <Stat
              key={label}
              label={label}
              value={
                typeof value === 'number' ? (
                  value.toLocaleString('en-GB')
                ) : (
                  <span className="block truncate text-lg leading-8">{value}</span>
                )
              }
            />
          ))}
        </div>
      )}
      {reports.map((report) => (
        <Callout
          key={report.id}
          tone="success"
          title={report.title}
          action={
            <ButtonLink size="sm" icon={<FileSpreadsheet />} href={`/reports/${report.id}`}>
              Open the report
            </ButtonLink>
          }
        >
          The report of this run is ready.
        </Callout>
      ))}
    </div>
  );
}
