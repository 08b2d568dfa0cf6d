import type { Metadata } from 'next';
import { z } from 'zod';
import { PlatformRunList } from '@/components/console/run-list';
import { TenantHeader } from '@/components/platform/tenant-header';
import { ButtonLink } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { listTemplates } from '@/lib/automations';
import { listPlatformRuns } from '@/lib/console';
import { idOf } from '@/lib/ids';
import { tenantHead } from '@/lib/platform';

export const metadata: Metadata = { title: 'Runs of a tenant' };

const params = z.object({ tenantId: idOf('tenant') });

export default staffPage({ role: 'support', params }, async ({ staff, params: { tenantId } }) => {
  const tenant = await tenantHead(staff, tenantId);
  const filter = { tenant: tenantId };
  return (
    <>
      <TenantHeader
        tenant={tenant}
        part="runs"
        actions={<ButtonLink href={`/admin/runs?tenant=${tenantId}`}>Filter them</ButtonLink>}
      />
      <PlatformRunList
        filter={filter}
        first={await listPlatformRuns(staff, filter)}
        titles={Object.fromEntries(listTemplates().map(({ key, title }) => [key, title]))}
      />
    </>
  );
});
