import type { Metadata } from 'next';

import { denialFilters } from '@/components/denials/filters';
import { OwnDenialList } from '@/components/denials/own-denial-list';
import { FilterBar, PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { auditPeople } from '@/lib/audit';
import { browseDenials, denialFilter } from '@/lib/denials';

export const metadata: Metadata = { title: 'Refused access' };

export default tenantPage(
  { permission: 'access:read', search: denialFilter },
  async ({ context, search }) => {
    const [first, people] = await Promise.all([
      browseDenials(context, search),
      auditPeople(context),
    ]);
    return (
      <>
        <PageHeader
          title="Refused access"
          description="Refusals of people of your organisation: who asked for something that is not theirs, or not there, and why they did not get it. Kept for 90 days."
        />
        <FilterBar
          filters={[
            {
              param: 'actor',
              label: 'Who',
              options: people.map(({ id, name }) => ({ value: id, label: name })),
            },
            ...denialFilters,
          ]}
        />
        <OwnDenialList filter={search} first={first} />
      </>
    );
  },
);
