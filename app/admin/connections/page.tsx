import type { Metadata } from 'next';
import { BrokenConnectionList } from '@/components/console/broken-connection-list';
import { FilterBar, PageHeader, statusLook } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { brokenConnectionFilter, listBrokenConnections } from '@/lib/platform';
import { brokenStates } from '@/lib/platform/contract';
import { providerNames } from '@/lib/providers/contract';

export const metadata: Metadata = { title: 'Broken connections' };

export default staffPage(
  { role: 'support', search: brokenConnectionFilter },
  async ({ staff, search }) => (
    <>
      <PageHeader
        title="Broken connections"
        description="Those that wait for somebody in their organisation to consent again. One leads to where its people are asked to."
      />
      <FilterBar
        filters={[
          {
            param: 'state',
            label: 'State',
            options: brokenStates.map((value) => ({ value, label: statusLook(value).label })),
          },
          {
            param: 'provider',
            label: 'Provider',
            options: Object.entries(providerNames).map(([value, label]) => ({ value, label })),
          },
          { param: 'tenant', label: 'Tenant id', type: 'text' },
        ]}
      />
      <BrokenConnectionList filter={search} first={await listBrokenConnections(staff, search)} />
    </>
  ),
);
