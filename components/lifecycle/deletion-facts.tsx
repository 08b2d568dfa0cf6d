import {
  Badge,
  Callout,
  Card,
  CardBody,
  CardHeader,
  DateTime,
  KeyValue,
  Nothing,
} from '@/components/ui';
import {
  type DeletionStage,
  type DeletionView,
  deletionStages,
  type OpenedDeletion,
  type RevocationRow,
  recordWords,
  stageWords,
} from '@/lib/lifecycle/contract';
import { authorityNames, providerNames } from '@/lib/providers/contract';

const moment = (value: string | null) =>
  value ? <DateTime value={value} format="absolute" timeZone="UTC" /> : <Nothing />;

/** What a connection was, as people call it. */
function wayOf({ provider, authority }: RevocationRow): string {
  const names: Readonly<Record<string, string>> = providerNames;
  const authorities: Readonly<Record<string, string>> = authorityNames;
  return `${names[provider] ?? provider}, ${(authorities[authority] ?? authority).toLowerCase()}`;
}

/** Whether everything that is given back at the providers was, or could not be. */
const givenBack = (stage: DeletionStage) =>
  deletionStages.indexOf(stage) > deletionStages.indexOf('revoking');

function Revocations({ rows, stage }: { rows: readonly RevocationRow[]; stage: DeletionStage }) {
  return (
    <Card aria-labelledby="revocations">
      <CardHeader
        id="revocations"
        title="Access at the providers"
        description="What each connection was granted, and whether the provider took it back."
      />
      <CardBody>
        {rows.length === 0 ? (
          <p className="text-muted text-sm">
            {givenBack(stage)
              ? 'It had no connection, so there was nothing to take back.'
              : 'Nothing was taken back so far.'}
          </p>
        ) : (
          <ul className="grid gap-2 text-sm">
            {rows.map((row) => (
              <li key={row.connectionId} className="flex flex-wrap items-center gap-2">
                <Badge tone={row.revoked ? 'success' : 'warning'}>
                  {row.revoked ? 'Revoked' : 'Not revoked'}
                </Badge>
                <span>{wayOf(row)}</span>
                {row.because && <span className="text-muted">{row.because}</span>}
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}

function Counts({ counts }: Pick<DeletionView, 'counts'>) {
  const tables = Object.entries(counts).toSorted(([, one], [, other]) => other - one);
  return (
    <Card aria-labelledby="counts">
      <CardHeader id="counts" title="Rows erased" description="How many of each table." />
      <CardBody>
        {tables.length === 0 ? (
          <p className="text-muted text-sm">None so far.</p>
        ) : (
          <dl className="grid gap-x-8 gap-y-1 text-sm sm:grid-cols-2">
            {tables.map(([table, rows]) => (
              <div key={table} className="flex justify-between gap-4">
                <dt className="min-w-0 truncate">
                  <code className="text-xs">{table}</code>
                </dt>
                <dd data-numeric>{rows.toLocaleString('en')}</dd>
              </div>
            ))}
          </dl>
        )}
      </CardBody>
    </Card>
  );
}

/** How the record stood before it was erased; loud when it gives reason to ask. */
function RecordFacts({ record }: Pick<OpenedDeletion, 'record'>) {
  const { title, text, sound } = recordWords(record);
  return (
    <Card aria-labelledby="record">
      <CardHeader
        id="record"
        title="Audit record"
        description="How it stood before its keys were destroyed; the certificate says the same."
      />
      <CardBody>
        {sound ? (
          <p className="text-sm">
            {title}. <span className="text-muted">{text}</span>
          </p>
        ) : (
          <Callout tone={record?.state === 'refused' ? 'danger' : 'warning'} title={title}>
            {text}
          </Callout>
        )}
      </CardBody>
    </Card>
  );
}

/** Everything that there is to know of one deletion. */
export function DeletionFacts({ deletion }: { deletion: OpenedDeletion }) {
  const { state, stage, error, attempts } = deletion;
  const under = state === 'under_way' || state === 'grace';
  return (
    <div className="flex flex-col gap-6">
      {error && under && (
        <Callout
          tone="warning"
          title={`Waits${attempts > 0 ? ` after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}` : ''}`}
        >
          {error} It is tried again by itself.
        </Callout>
      )}
      <Card aria-labelledby="facts">
        <CardHeader
          id="facts"
          title={state === 'ended' ? 'Nothing is deleted' : stageWords[stage]}
        />
        <CardBody>
          <KeyValue
            columns={3}
            items={[
              {
                label: 'Tenant id',
                value: <code>{deletion.tenantId}</code>,
                copy: deletion.tenantId,
              },
              {
                label: 'Asked for by',
                value: deletion.askedName ?? (
                  <>{deletion.origin === 'owner' ? 'An owner' : 'Staff'}, whose name is erased</>
                ),
              },
              { label: 'Asked for (UTC)', value: moment(deletion.askedAt) },
              { label: 'Grace until (UTC)', value: moment(deletion.graceUntil) },
              ...(deletion.reason ? [{ label: 'Reason', value: deletion.reason }] : []),
              ...(deletion.endedAt
                ? [
                    { label: 'Ended (UTC)', value: moment(deletion.endedAt) },
                    { label: 'Ended by', value: deletion.endedName },
                  ]
                : [
                    {
                      label: state === 'done' ? 'Deleted (UTC)' : 'At this stage since (UTC)',
                      value: moment(deletion.finishedAt ?? deletion.stageAt),
                    },
                    { label: 'Rows erased', value: deletion.rows.toLocaleString('en') },
                    { label: 'Files erased', value: deletion.files.toLocaleString('en') },
                  ]),
            ]}
          />
        </CardBody>
      </Card>
      {state !== 'ended' && state !== 'grace' && (
        <>
          <Revocations rows={deletion.revocations} stage={stage} />
          {(deletion.record || deletion.certified) && <RecordFacts record={deletion.record} />}
          <Counts counts={deletion.counts} />
        </>
      )}
    </div>
  );
}
