import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { DeletionFacts } from '@/components/lifecycle/deletion-facts';
import { StopDeletion } from '@/components/lifecycle/stop-deletion';
import { deletionStatus } from '@/components/lifecycle/words';
import { ButtonLink, PageHeader, StatusBadge } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { openDeletion } from '@/lib/deletions';
import { deletionParams } from '@/lib/lifecycle';
import { stop } from '../actions';

export const metadata: Metadata = { title: 'Deletion' };

export default staffPage(
  { role: 'support', params: deletionParams },
  async ({ staff, params: { deletionId } }) => {
    const deletion = await openDeletion(staff, deletionId);
    const { id, tenantId, tenantName, state, certified } = deletion;
    const mayStop = state === 'grace' && staff.role === 'platform_admin';
    return (
      <>
        <PageHeader
          title={tenantName ?? 'A tenant that is gone'}
          badge={<StatusBadge status={deletionStatus(deletion)} />}
          breadcrumbs={[{ label: 'Deletions', href: '/admin/deletions' }]}
          actions={
            <>
              {state !== 'done' && (
                <ButtonLink href={`/admin/tenants/${tenantId}`}>The tenant</ButtonLink>
              )}
              {certified && state === 'done' && (
                <ButtonLink
                  href={`/api/admin/deletions/${id}/certificate`}
                  icon={<Download />}
                  variant="primary"
                  download
                >
                  Certificate
                </ButtonLink>
              )}
              {mayStop && <StopDeletion deletionId={id} onStop={stop} />}
            </>
          }
        />
        <DeletionFacts deletion={deletion} />
      </>
    );
  },
);
