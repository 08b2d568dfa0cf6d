import type { Metadata } from 'next';
import { z } from 'zod';
import { RecordStandingLine } from '@/components/audit/record-standing';
import { PlatformAuditList } from '@/components/platform/platform-audit-list';
import { TenantHeader } from '@/components/platform/tenant-header';
import { ButtonLink } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { browsePlatformAudit, tenantHead } from '@/lib/platform';
import { recordStanding } from '@/lib/record';

export const metadata: Metadata = { title: 'Audit of a tenant' };

const params = z.object({ tenantId: idOf('tenant') });

export default staffPage({ role: 'support', params }, async ({ staff, params: { tenantId } }) => {
  const tenant = await tenantHead(staff, tenantId);
  const filter = { tenant: tenantId };
  return (
    <>
      <TenantHeader
        tenant={tenant}
        part="audit"
        description="Who did what in it, staff among them. What it calls things, and the details, stay with it."
        actions={<ButtonLink href={`/admin/audit?tenant=${tenantId}`}>Filter them</ButtonLink>}
      />
      <RecordStandingLine standing={await recordStanding(tenantId)} />
      <PlatformAuditList
        ofTenant
        filter={filter}
        first={await browsePlatformAudit(staff, filter)}
      />
    </>
  );
});
