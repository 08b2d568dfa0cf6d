import type { Metadata } from 'next';
import { z } from 'zod';
import { PlatformDenialList } from '@/components/denials/platform-denial-list';
import { TenantHeader } from '@/components/platform/tenant-header';
import { ButtonLink } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { browsePlatformDenials, tenantHead } from '@/lib/platform';

export const metadata: Metadata = { title: 'Access log of a tenant' };

const params = z.object({ tenantId: idOf('tenant') });

export default staffPage({ role: 'support', params }, async ({ staff, params: { tenantId } }) => {
  const tenant = await tenantHead(staff, tenantId);
  const filter = { tenant: tenantId };
  return (
    <>
      <TenantHeader
        tenant={tenant}
        part="access log"
        description="What its people were refused."
        actions={<ButtonLink href={`/admin/access-log?tenant=${tenantId}`}>Filter them</ButtonLink>}
      />
      <PlatformDenialList
        ofTenant
        filter={filter}
        first={await browsePlatformDenials(staff, filter)}
      />
    </>
  );
});
