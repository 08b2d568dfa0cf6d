import type { Metadata } from 'next';
import { CallList } from '@/components/connections/call-list';
import { ConnectionActions } from '@/components/connections/connection-actions';
import { ConnectionFacts } from '@/components/connections/connection-facts';
import { ConsentNotice } from '@/components/connections/consent-notice';
import { DiscoveryCard } from '@/components/connections/discovery-card';
import { ReconnectButton } from '@/components/connections/reconnect-button';
import { ScopeList } from '@/components/connections/scope-list';
import { TroubleNotice } from '@/components/connections/trouble-notice';
import { PageHeader, StatusBadge } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import {
  browseCalls,
  connectionParams,
  consentSearch,
  describeScopes,
  nameOf,
  readConnection,
} from '@/lib/connections';
import { providerNames } from '@/lib/providers';
import { can } from '@/lib/tenancy';
import { connect, disconnectConnection, discover } from '../actions';

export const metadata: Metadata = { title: 'Connection' };

export default tenantPage(
  { permission: 'connections:read', params: connectionParams, search: consentSearch },
  async ({ context, params, search }) => {
    const [detail, calls] = await Promise.all([
      readConnection(context, params.id),
      browseCalls(context, params.id),
    ]);
    const { connection } = detail;
    const mayManage = can(context.role, 'connections:manage');
    const reconnect = mayManage && <ReconnectButton connection={connection} onConnect={connect} />;
    return (
      <>
        <PageHeader
          breadcrumbs={[{ label: 'Connections', href: '/connections' }]}
          title={nameOf(connection)}
          description={
            connection.accountEmail ? providerNames[connection.provider] : 'No account yet'
          }
          badge={<StatusBadge status={connection.state} />}
          actions={
            mayManage && (
              <ConnectionActions
                connection={connection}
                onDiscover={discover}
                onDisconnect={disconnectConnection}
              />
            )
          }
        />
        <ConsentNotice outcome={search.consent} action={reconnect}>
          <TroubleNotice connection={connection} action={reconnect} />
        </ConsentNotice>
        <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_23rem]">
          <div className="grid min-w-0 gap-5">
            <DiscoveryCard first={detail} />
            <ScopeList scopes={describeScopes(connection)} state={connection.state} />
          </div>
          <ConnectionFacts connection={connection} />
        </div>
        <div className="mt-5">
          <CallList connectionId={connection.id} first={calls} live={connection.discovering} />
        </div>
      </>
    );
  },
);
