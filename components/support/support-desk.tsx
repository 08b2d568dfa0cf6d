import { TenantHeader } from '@/components/platform/tenant-header';
import { Callout, Card, CardBody, CardHeader, type Column, DateTime, Table } from '@/components/ui';
import {
  endingWords,
  requestStateWords,
  type SupportDesk,
  type SupportRequestRow,
} from '@/lib/support/contract';
import { LeaveButton } from './leave-button';
import { OpenSession, type OpenSessionProps } from './open-session';
import { SessionTable } from './session-table';
import { StartForm, type StartFormProps } from './start-form';

export interface SupportDeskViewProps {
  desk: SupportDesk;
  /** The session that this browser is in or was until lately, here. */
  claimed: string | null;
  acts: Pick<OpenSessionProps, 'onResume' | 'onStop' | 'onAskToMend'> & {
    readonly onStart: StartFormProps['action'];
    readonly onAsk: StartFormProps['action'];
  };
}

const requestColumns: readonly Column<SupportRequestRow>[] = [
  { key: 'reason', header: 'Reason', primary: true, cell: ({ reason }) => reason },
  { key: 'asked', header: 'Asked', cell: ({ askedAt }) => <DateTime value={askedAt} /> },
  {
    key: 'state',
    header: 'Answer',
    cell: ({ state, decidedName }) => (
      <>
        {requestStateWords[state]}
        {decidedName && ` by ${decidedName}`}
      </>
    ),
  },
  {
    key: 'until',
    header: 'Until',
    cell: ({ expiresAt }) => <DateTime value={expiresAt} format="absolute" />,
  },
];

/** Support in one tenant: its word on it, the way in, who looked before. */
export function SupportDeskView({ desk, claimed, acts }: SupportDeskViewProps) {
  const { tenant, access, mine, requests, sessions } = desk;
  const ended = claimed === null ? undefined : sessions.find(({ id }) => id === claimed);
  const waiting = requests.some(({ state }) => state === 'waiting');
  return (
    <>
      <TenantHeader
        tenant={tenant}
        part="support"
        description={`See what the people of ${tenant.name} see, for half an hour, on their record.`}
      />
      <div className="flex flex-col gap-6">
        {ended && !ended.open && (
          <Callout
            tone="warning"
            role="status"
            title={`Your session is over: ${ended.ending ? endingWords[ended.ending] : 'it ended'}`}
            action={<LeaveButton tenantId={tenant.id} onLeave={acts.onStop} />}
          >
            This browser sees nothing of {tenant.name} any more.
          </Callout>
        )}
        {mine ? (
          <OpenSession key={mine.id} tenantId={tenant.id} session={mine} {...acts} />
        ) : (
          <Card aria-labelledby="look-in" className="max-w-2xl">
            <CardHeader
              id="look-in"
              title={desk.mayStart ? 'Look in' : 'Ask to look in'}
              description={
                access === 'ask'
                  ? `${tenant.name} wants to be asked first. A yes of an owner holds for 24 hours, for one session.`
                  : 'Read only, 30 minutes. Every page you open is on the customer’s own record, under your name.'
              }
            />
            <CardBody>
              {tenant.state !== 'active' ? (
                <p className="text-muted text-sm">
                  Nobody can be in it while it is {tenant.state}.
                </p>
              ) : waiting && !desk.mayStart ? (
                <p className="text-muted text-sm">The owners are asked and have yet to answer.</p>
              ) : (
                <StartForm
                  tenantId={tenant.id}
                  kind={desk.mayStart ? 'start' : 'ask'}
                  action={desk.mayStart ? acts.onStart : acts.onAsk}
                />
              )}
            </CardBody>
          </Card>
        )}
        {requests.length > 0 && (
          <section aria-labelledby="asked">
            <h2 id="asked" className="mb-3 font-semibold text-base">
              What you asked the owners
            </h2>
            <Table
              caption="What you asked the owners"
              columns={requestColumns}
              rows={requests}
              rowKey={({ id }) => id}
            />
          </section>
        )}
        <section aria-labelledby="sessions">
          <h2 id="sessions" className="mb-3 font-semibold text-base">
            Sessions
          </h2>
          <SessionTable sessions={sessions} />
        </section>
      </div>
    </>
  );
}
