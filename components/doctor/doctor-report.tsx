import {
  ButtonLink,
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

function Outcome({ look }: { look: NonNullable<DoctorView['shown']> }) {
  if (look.ok) {
    return (
      <Callout tone="success" title={`All ${look.checks} checks hold`}>
        Nothing was found that could let one tenant reach another’s data.
      </Callout>
    );
  }
  const findings = look.document?.checks.flatMap((check) => check.findings) ?? [];
  const danger = findings.some(({ severity }) => severity === 'danger');
  return (
    <Callout
      tone={danger ? 'danger' : 'warning'}
      title={`${look.failed} of ${look.checks} checks found something`}
    >
      {danger
        ? 'Rows of a tenant could get out. Put right what is marked so first; in production the next start is refused until then.'
        : 'No rows get out through it. Each finding says what to do.'}
    </Callout>
  );
}

/** Said of a look that is not the latest, with the way to that one. */
function PastLook({ look }: { look: NonNullable<DoctorView['shown']> }) {
  return (
    <Callout
      tone="info"
      title={
        <>
          A past look, of <DateTime value={look.at} format="absolute" timeZone="UTC" /> UTC
        </>
      }
      action={<ButtonLink href="/admin/doctor">Show the latest</ButtonLink>}
    >
      What it found may have been put right since, and more may have been found.
    </Callout>
  );
}

/** One look of the doctor in full, and the latest ones as a strip. */
export function DoctorReport({ view }: { view: DoctorView }) {
  const { shown, gone, history } = view;
  if (!shown) {
    return (
      <EmptyState
        title="Nothing has been looked at yet"
        description="The doctor looks at every start. Check again has it look now."
      />
    );
  }
  const { document } = shown;
  const latest = shown.id === history[0]?.id;
  return (
    <div className="flex flex-col gap-5">
      {gone && (
        <Callout tone="info" role="status" title="The look of this address is no longer kept">
          This is the latest one.
        </Callout>
      )}
      {!latest && <PastLook look={shown} />}
      <Outcome look={shown} />
      <Card aria-labelledby="look">
        <CardHeader id="look" title={latest ? 'Latest look' : 'Past look'} />
        <CardBody className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_auto]">
          <KeyValue
            columns={3}
            items={[
              { label: 'When', value: <DateTime value={shown.at} /> },
              { label: 'Took', value: <Duration ms={document?.milliseconds ?? null} /> },
              { label: 'Asked for by', value: document ? origins[document.origin] : undefined },
              { label: 'Version', value: shown.version },
              { label: 'Checks', value: shown.checks },
            ]}
          />
          <div>
            <p className="mb-2 text-muted text-xs">
              {history.length === 1 ? 'One look so far' : `The last ${history.length} looks`}
            </p>
            <LookStrip history={history} shown={shown.id} />
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
