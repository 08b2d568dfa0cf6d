import type { Metadata } from 'next';
import { AppFaultNotices } from '@/components/connections/app-fault-notices';
import { ConnectDialog } from '@/components/connections/connect-dialog';
import { ConnectionCards } from '@/components/connections/connection-cards';
import { ConsentNotice } from '@/components/connections/consent-notice';
import { IncidentNotices } from '@/components/connections/incident-notices';
import { PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { listAppFaults } from '@/lib/app-faults';
import { consentSearch, listConnections, listIncidents, listWays } from '@/lib/connections';
import { can } from '@/lib/tenancy';
import { connect, connectKey, handOver } from './actions';

export const metadata: Metadata = { title: 'Connections' };

export default tenantPage(
  { permission: 'connections:read', search: consentSearch },
  async ({ context, search }) => {
    const [connections, incidents, faults] = await Promise.all([
      listConnections(context),
      listIncidents(context),
      listAppFaults(),
    ]);
    const mayManage = can(context.role, 'connections:manage');
    const dialog = mayManage ? (
      <ConnectDialog
        ways={listWays()}
        onConnect={connect}
        onKey={connectKey}
        onHandOver={handOver}
      />
    ) : null;
    return (
      <>
        <PageHeader
          title="Connections"
          description="The accounts that automations of your organisation may work with."
          actions={connections.length > 0 && dialog}
        />
        <ConsentNotice outcome={search.consent} />
        <AppFaultNotices faults={faults} />
        <IncidentNotices incidents={incidents} role={context.role} />
        <ConnectionCards first={connections} connect={dialog} />
      </>
    );
  },
);
