import type { Metadata } from 'next';
import { z } from 'zod';
import { AskForm } from '@/components/approvals/ask-form';
import { ButtonLink, EmptyState, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { tenantToAsk } from '@/lib/two-persons';
import { askAbout } from '../actions';

export const metadata: Metadata = { title: 'Ask for approval' };

const search = z.object({ tenant: idOf('tenant').optional().catch(undefined) });

export default staffPage({ role: 'support', search }, async ({ staff, search: { tenant } }) => {
  const name = tenant && (await tenantToAsk(staff, tenant));
  return (
    <>
      <PageHeader
        title="Ask for approval"
        description={name ? `About ${name}.` : 'Of what cannot be undone.'}
        breadcrumbs={[{ label: 'Approvals', href: '/admin/approvals' }]}
      />
      {tenant && name ? (
        <AskForm tenantId={tenant} onAsk={askAbout} />
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
