import type { Metadata } from 'next';
import { PlatformRequestList } from '@/components/support/platform-request-list';
import { FilterBar, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { listSupportRequests, platformRequestFilter } from '@/lib/support';
import { requestStateWords } from '@/lib/support/contract';

export const metadata: Metadata = { title: 'Support requests' };

export default staffPage(
  { role: 'support', search: platformRequestFilter },
  async ({ staff, search }) => (
    <>
      <PageHeader
        title="Support requests"
        description="What staff asked of owners whose organisations want to be asked before anybody looks in."
      />
      <FilterBar
        filters={[
          {
            param: 'state',
            label: 'Answer',
            options: Object.entries(requestStateWords).map(([value, label]) => ({ value, label })),
          },
          { param: 'tenant', label: 'Tenant id', type: 'text' },
          { param: 'person', label: 'Staff person’s id', type: 'text' },
        ]}
      />
      <PlatformRequestList filter={search} first={await listSupportRequests(staff, search)} />
    </>
  ),
);
