import type { Metadata } from 'next';
import { z } from 'zod';
import { ShredForm } from '@/components/approvals/shred-form';
import { ButtonLink, EmptyState, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { tenantToAsk } from '@/lib/two-persons';
import { askShred } from '../actions';

export const metadata: Metadata = { title: 'Destroy keys' };

const search = z.object({ tenant: idOf('tenant').optional().catch(undefined) });

export default staffPage({ role: 'support', search }, async ({ staff, search: { tenant } }) => {
  const name = tenant && (await tenantToAsk(staff, tenant));
  return (
    <>
      <PageHeader
        title="Destroy keys"
        description={name ? `Those of ${name}, once another person approves it.` : 'Of one tenant.'}
        breadcrumbs={[{ label: 'Approvals', href: '/admin/approvals' }]}
      />
      {tenant && name ? (
        <ShredForm tenantId={tenant} onAsk={askShred} />
      ) : (
        <EmptyState
          title="Which tenant is it about?"
          description="Open its page, and ask from there."
          action={<ButtonLink href="/admin/tenants">Tenants</ButtonLink>}
        />
      )}
    </>
  );
});
