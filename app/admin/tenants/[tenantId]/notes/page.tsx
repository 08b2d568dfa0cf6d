import type { Metadata } from 'next';
import { z } from 'zod';
import { TenantHeader } from '@/components/platform/tenant-header';
import { TenantNotes } from '@/components/platform/tenant-notes';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { readNotes, tenantHead } from '@/lib/platform';
import { note } from '../../actions';

export const metadata: Metadata = { title: 'Notes on a tenant' };

const params = z.object({ tenantId: idOf('tenant') });

export default staffPage({ role: 'support', params }, async ({ staff, params: { tenantId } }) => {
  const tenant = await tenantHead(staff, tenantId);
  return (
    <>
      <TenantHeader
        tenant={tenant}
        part="notes"
        description="What staff tell one another. The tenant never sees it."
      />
      <TenantNotes tenantId={tenantId} notes={await readNotes(staff, tenantId)} onNote={note} />
    </>
  );
});
