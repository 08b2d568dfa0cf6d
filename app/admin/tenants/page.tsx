import type { Metadata } from 'next';
import { TenantList } from '@/components/platform/tenant-list';
import { FilterBar, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { listTenants, tenantFilter } from '@/lib/platform';

export const metadata: Metadata = { title: 'Tenants' };

export default staffPage({ role: 'support', search: tenantFilter }, async ({ staff, search }) => (
  <>
    <PageHeader
      title="Tenants"
      description="The tenants on this platform: their state, connections and last activity."
    />
    <FilterBar
      search={{ placeholder: 'Search by name' }}
      filters={[
        {
          param: 'state',
          label: 'State',
          options: [
            { value: 'active', label: 'Active' },
            { value: 'suspended', label: 'Suspended' },
            { value: 'deleting', label: 'Being deleted' },
          ],
        },
      ]}
    />
    <TenantList filter={search} first={await listTenants(staff, search)} />
  </>
));
