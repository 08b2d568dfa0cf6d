import type { Metadata } from 'next';
import { BudgetCard } from '@/components/connections/budget-card';
import { CallList } from '@/components/connections/call-list';
import { ConnectionActions } from '@/components/connections/connection-actions';
import { ConnectionBadge } from '@/components/connections/connection-badge';
import { ConnectionFacts } from '@/components/connections/connection-facts';
import { ConnectionNotices } from '@/components/connections/connection-notices';
import { DiscoverButton } from '@/components/connections/discover-button';
import { DiscoveryCard } from '@/components/connections/discovery-card';
import { ScopeList } from '@/components/connections/scope-list';
import { PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { listAppFaults } from '@/lib/app-faults';
import { openRequests } from '@/lib/campaigns';
import {
  browseCalls,
  connectionParams,
  connectionSearch,
  describeScopes,
  listWays,
  nameOf,
  readConnection,
  waitingAutomations,
} from '@/lib/connections';
import { readBudgets } from '@/lib/limits';
import { providerNames } from '@/lib/providers';
import { can } from '@/lib/tenancy';
import {
  connect,
  connectKey,
  disconnectConnection,
  discover,
  handOver,
  withdrawLink,
} from '../actions';

export const metadata: Metadata = { title: 'Connection' };

export default tenantPage(
  { permission: 'connections:read', params: connectionParams, search: connectionSearch },
  async ({ context, params, search }) => {
    const [detail, calls, waiting, faults, requests] = await Promise.all([
      readConnection(context, params.id),
      browseCalls(context, params.id),
      waitingAutomations(context, params.id),
      listAppFaults(),
      openRequests(context, params.id),
    ]);
    const { connection } = detail;
    const { provider, authority } = connection;
    const budgets = await readBudgets(context, params.id, provider);
    const mayManage = can(context.role, 'connections:manage');
    const way = listWays().find((one) => one.provider === provider && one.authority === authority);
    const scopes = describeScopes(connection);
    const asked = [
      ...(search.allow?.split(',') ?? []),
      ...requests.flatMap((request) => request.scopes),
    ];
    return (
      <>
        <PageHeader
          breadcrumbs={[{ label: 'Connections', href: '/connections' }]}
          title={nameOf(connection)}
          description={connection.connected ? providerNames[provider] : 'Not connected yet'}
          badge={
            <ConnectionBadge state={connection.state} handedOut={connection.awaiting !== null} />
          }
          actions={
            <>
              {can(context.role, 'connections:discover') && (
                <DiscoverButton connection={connection} onDiscover={discover} />
              )}
              {mayManage && (
                <ConnectionActions connection={connection} onDisconnect={disconnectConnection} />
              )}
            </>
          }
        />
        <ConnectionNotices
          connection={connection}
          way={way}
          outcome={search.consent}
          wanted={scopes.filter(({ scope, granted }) => !granted && asked.includes(scope))}
          requests={requests}
          waiting={waiting}
          faults={faults.filter((fault) => fault.provider === provider)}
          acts={
            mayManage
              ? {
                  onConnect: connect,
                  onKey: connectKey,
                  onHandOver: handOver,
                  onWithdraw: withdrawLink,
                }
              : null
          }
        />
        <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_23rem]">
          <div className="grid min-w-0 gap-5">
            <DiscoveryCard first={detail} />
            <ScopeList
              connection={connection}
              scopes={scopes}
              onConnect={mayManage && way?.form !== 'service_account' ? connect : null}
            />
          </div>
          <div className="grid min-w-0 gap-5">
            <ConnectionFacts connection={connection} />
            <BudgetCard budgets={budgets} />
          </div>
        </div>
        <div className="mt-5">
          <CallList connectionId={connection.id} first={calls} live={connection.discovering} />
        </div>
      </>
    );
  },
);
