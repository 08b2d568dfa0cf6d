import type { Metadata } from 'next';
import { z } from 'zod';
import { ask } from '@/app/admin/deletions/actions';
import { AskDeletion } from '@/components/lifecycle/ask-deletion';
import { DeletionList } from '@/components/lifecycle/deletion-list';
import { RetentionCard } from '@/components/lifecycle/retention-card';
import { ButtonLink, Callout, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { openLifecycle } from '@/lib/deletions';
import { idOf } from '@/lib/ids';

export const metadata: Metadata = { title: 'Lifecycle' };

const params = z.object({ tenantId: idOf('tenant') });

export default staffPage({ role: 'support', params }, async ({ staff, params: { tenantId } }) => {
  const { tenant, retention, deletions } = await openLifecycle(staff, tenantId);
  const open = deletions.some(({ state }) => state !== 'ended');
  return (
    <>
      <PageHeader
        title={`${tenant.name}: lifecycle`}
        description="How long it keeps things, and its end."
        breadcrumbs={[{ label: 'Tenants', href: '/admin/tenants' }]}
      />
      <div className="flex flex-col gap-6">
        <RetentionCard rows={retention} />
        {deletions.length > 0 && <DeletionList rows={deletions} />}
        <Callout
          tone="neutral"
          title="Destroy its keys"
          action={
            <ButtonLink href={`/admin/approvals/new?tenant=${tenantId}`}>Ask for it</ButtonLink>
          }
        >
          Everything sealed for it is lost at once and for good; its other rows stay.
        </Callout>
        {!open && staff.role === 'platform_admin' && <AskDeletion tenant={tenant} onAsk={ask} />}
      </div>
    </>
  );
});
