import {
  Callout,
  Card,
  CardBody,
  CardHeader,
  DateTime,
  Duration,
  EmptyState,
  KeyValue,
} from '@/components/ui';
import type { DoctorOrigin, DoctorView } from '@/lib/doctor/contract';
import { CheckList } from './check-list';
import { LookStrip } from './look-strip';

const origins: Readonly<Record<DoctorOrigin, string>> = {
  start: 'the start of the product',
  console: 'somebody of the staff, here',
  command: 'a command on the server',
};

function Outcome({ latest }: { latest: NonNullable<DoctorView['latest']> }) {
  if (latest.ok) {
    return (
      <Callout tone="success" title={`All ${latest.checks} checks hold`}>
        Nothing was found that could let one tenant reach another’s data.
      </Callout>
    );
  }
  const findings = latest.document?.checks.flatMap((check) => check.findings) ?? [];
  const danger = findings.some(({ severity }) => severity === 'danger');
  return (
    <Callout
      tone={danger ? 'danger' : 'warning'}
      title={`${latest.failed} of ${latest.checks} checks found something`}
    >
      {danger
        ? 'Rows of a tenant could get out. Put right what is marked so first; in production the next start is refused until then.'
        : 'No rows get out through it. Each finding says what to do.'}
    </Callout>
  );
}

/** The doctor's latest look in full, and the ones before it as a strip. */
export function DoctorReport({ view }: { view: DoctorView }) {
  const { latest, history } = view;
  if (!latest) {
    return (
      <EmptyState
        title="Nothing has been looked at yet"
        description="The doctor looks at every start. Check again has it look now."
      />
    );
  }
  const { document } = latest;
  return (
    <div className="flex flex-col gap-5">
      <Outcome latest={latest} />
      <Card aria-labelledby="latest">
        <CardHeader id="latest" title="Latest look" />
        <CardBody className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_auto]">
          <KeyValue
            columns={3}
            items={[
              { label: 'When', value: <DateTime value={latest.at} /> },
              { label: 'Took', value: <Duration ms={document?.milliseconds ?? null} /> },
              { label: 'Asked for by', value: document ? origins[document.origin] : undefined },
              { label: 'Version', value: latest.version },
              { label: 'Checks', value: latest.checks },
            ]}
          />
          <div>
            <p className="mb-2 text-muted text-xs">
              {history.length === 1 ? 'One look so far' : `The last ${history.length} looks`}
            </p>
            <LookStrip history={history} />
          </div>
        </CardBody>
      </Card>
      {document ? (
        <CheckList document={document} />
      ) : (
        <Callout tone="neutral" title="The details of this look were not kept">
          Check again has it look now.
        </Callout>
      )}
    </div>
  );
}
