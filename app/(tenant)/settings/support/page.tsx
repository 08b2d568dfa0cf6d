import type { Metadata } from 'next';
import { SettingsTabs } from '@/components/settings/settings-tabs';
import { AccessForm } from '@/components/support/access-form';
import { DecideForm } from '@/components/support/decide-form';
import { SessionTable } from '@/components/support/session-table';
import { ButtonLink, Card, CardBody, CardHeader, PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { hasFactor } from '@/lib/second-factor';
import { listSupportSessions, supportAccess, supportNow } from '@/lib/support';
import { decide, setAccess } from './actions';

export const metadata: Metadata = { title: 'Support access' };

export default tenantPage({ permission: 'tenant:manage' }, async ({ context }) => {
  const [access, { requests }, sessions, asksCode] = await Promise.all([
    supportAccess(context),
    supportNow(context),
    listSupportSessions(context),
    hasFactor(context.userId),
  ]);
  return (
    <>
      <PageHeader
        title="Support access"
        description="Whether Tenantry support may look into your organisation, and when it did."
        actions={
          <ButtonLink href="/audit?action=support.viewed">What support looked at</ButtonLink>
        }
      />
      <SettingsTabs role={context.role} />
      <div className="flex flex-col gap-6">
        {requests.map((request) => (
          <Card key={request.id} aria-labelledby={request.id} className="max-w-2xl">
            <CardHeader
              id={request.id}
              title={`${request.staffName} asks to look in`}
              description={request.ticket ? `Ticket: ${request.ticket}` : undefined}
            />
            <CardBody>
              <DecideForm request={request} asksCode={asksCode} onDecide={decide} />
            </CardBody>
          </Card>
        ))}
        <Card aria-labelledby="access" className="max-w-2xl">
          <CardHeader
            id="access"
            title="May support look in?"
            description="Each time for 30 minutes, with a reason that you read. Support never sees your reports, the names of what was discovered, what a run read or wrote, or a secret, and takes no file away."
          />
          <CardBody>
            <AccessForm access={access} onSet={setAccess} />
          </CardBody>
        </Card>
        <section aria-labelledby="sessions">
          <h2 id="sessions" className="mb-3 font-semibold text-base">
            Sessions
          </h2>
          <SessionTable sessions={sessions} />
        </section>
      </div>
    </>
  );
});
