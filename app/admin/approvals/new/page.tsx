import type { Metadata } from 'next';
import { z } from 'zod';
import { ShredForm } from '@/components/approvals/shred-form';
import { PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { tenantToAsk } from '@/lib/two-persons';
import { askShred } from '../actions';

export const metadata: Metadata = { title: 'Destroy keys' };

// Led to from a tenant's page: without one there is nothing here.
const search = z.object({ tenant: idOf('tenant') });

export default staffPage({ role: 'support', search }, async ({ staff, search: { tenant } }) => {
  const name = await tenantToAsk(staff, tenant);
  return (
    <>
      <PageHeader
        title="Destroy keys"
        description={`Those of ${name}, once another person approves it.`}
        breadcrumbs={[{ label: 'Approvals', href: '/admin/approvals' }]}
      />
      <ShredForm tenant={{ id: tenant, name }} onAsk={askShred} />
    </>
  );
});
