import type { Metadata } from 'next';
import { AppFaultNotices } from '@/components/connections/app-fault-notices';
import { IncidentNotices } from '@/components/connections/incident-notices';
import { ConnectionList } from '@/components/overview/connection-list';
import { Figures } from '@/components/overview/figures';
import { NextRuns } from '@/components/overview/next-runs';
import { RecentRuns } from '@/components/overview/recent-runs';
import { SetupChecklist } from '@/components/overview/setup-checklist';
import { PageHeader } from '@/components/ui';
import { LimitNotices } from '@/components/usage/limit-notices';
import { tenantPage } from '@/lib/access';
import { listAppFaults } from '@/lib/app-faults';
import { listIncidents } from '@/lib/connections';
import { readOverview } from '@/lib/overview';
import { can } from '@/lib/tenancy';
import { pressingLimits } from '@/lib/usage';

export const metadata: Metadata = { title: 'Overview' };

export default tenantPage({ permission: 'overview:read' }, async ({ context }) => {
  const [overview, incidents, faults, limits] = await Promise.all([
    readOverview(context),
    listIncidents(context),
    listAppFaults(),
    pressingLimits(context),
  ]);
  const { setup, connections, runs, next } = overview;
  return (
    <>
      <PageHeader
        title={setup.settled ? 'Overview' : `Welcome to ${context.tenantName}`}
        description={
          setup.settled
            ? `How things stand in ${context.tenantName}.`
            : 'A few steps from here to an automation that works for you, with its record.'
        }
      />
      <AppFaultNotices faults={faults} />
      <LimitNotices {...limits} href={can(context.role, 'usage:read') ? '/usage' : undefined} />
      <IncidentNotices incidents={incidents} role={context.role} />
      <div className="flex flex-col gap-6">
        {!setup.settled && <SetupChecklist setup={setup} role={context.role} />}
        {setup.settled && <Figures overview={overview} />}
        {(setup.settled || runs.length > 0) && (
          <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
            <RecentRuns runs={runs} />
            <div className="flex flex-col gap-6">
              <NextRuns next={next} />
              <ConnectionList connections={connections} />
            </div>
          </div>
        )}
      </div>
    </>
  );
});
