import type { Metadata } from 'next';
import { denialFilters } from '@/components/denials/filters';
import { PlatformDenialList } from '@/components/denials/platform-denial-list';
import { FilterBar, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { browsePlatformDenials, platformDenialFilter } from '@/lib/platform';

export const metadata: Metadata = { title: 'Refused access across tenants' };

export default staffPage(
  { role: 'support', search: platformDenialFilter },
  async ({ staff, search }) => (
    <>
      <PageHeader
        title="Refused access across tenants"
        description="Refusals of people of every tenant: who asked for what was not theirs, or not there. Kept for 90 days."
      />
      <FilterBar
        filters={[
          { param: 'tenant', label: 'Tenant id', type: 'text' },
          { param: 'actor', label: 'Person’s id', type: 'text' },
          ...denialFilters,
        ]}
      />
      <PlatformDenialList filter={search} first={await browsePlatformDenials(staff, search)} />
    </>
  ),
);
