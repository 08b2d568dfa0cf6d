import type { Metadata } from 'next';
import { LookList } from '@/components/staff/look-list';
import { FilterBar, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { lookFilter, openLooks } from '@/lib/platform';
import { lookWords } from '@/lib/platform/contract';

export const metadata: Metadata = { title: 'What staff looked at' };

export default staffPage(
  { role: 'platform_admin', search: lookFilter },
  async ({ staff, search }) => {
    const { first, people } = await openLooks(staff, search);
    return (
      <>
        <PageHeader
          title="What staff looked at"
          description="Every look of the staff’s at tenants, and what they did, kept for good. A list that showed several tenants names them; this page leaves a look too."
        />
        <FilterBar
          filters={[
            {
              param: 'person',
              label: 'Who',
              unset: 'Anybody',
              options: people.map(({ id, name }) => ({ value: id, label: name })),
            },
            { param: 'tenant', label: 'Tenant id', type: 'text' },
            {
              param: 'action',
              label: 'What',
              unset: 'Anything',
              options: Object.entries(lookWords).map(([value, label]) => ({ value, label })),
            },
            { param: 'from', label: 'From (UTC)', type: 'date' },
            { param: 'to', label: 'To (UTC)', type: 'date' },
          ]}
        />
        <LookList filter={search} first={first} />
      </>
    );
  },
);
