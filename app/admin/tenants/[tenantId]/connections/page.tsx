import type { Metadata } from 'next';
import { z } from 'zod';
import { TenantHeader } from '@/components/platform/tenant-header';
import { TenantConnections } from '@/components/platform/tenant-sections';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { tenantOverview } from '@/lib/platform';
import { ask } from '../../../reconsent/actions';

export const metadata: Metadata = { title: 'Connections of a tenant' };

const params = z.object({ tenantId: idOf('tenant') });

export default staffPage({ role: 'support', params }, async ({ staff, params: { tenantId } }) => {
  const { tenant, connections } = await tenantOverview(staff, tenantId);
  return (
    <>
      <TenantHeader
        tenant={tenant}
        part="connections"
        description="How they stand. What they reach, and whose accounts they are, stays with the tenant."
      />
      <TenantConnections connections={connections} onAsk={ask} />
    </>
  );
});
