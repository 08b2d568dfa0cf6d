import type { Metadata } from 'next';
import { z } from 'zod';
import { TenantSections } from '@/components/platform/tenant-sections';
import { ButtonLink, DateTime, KeyValue, PageHeader, StatusBadge } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { tenantOverview } from '@/lib/platform';
import { ask } from '../../reconsent/actions';

export const metadata: Metadata = { title: 'Tenant' };

const params = z.object({ tenantId: idOf('tenant') });

export default staffPage({ role: 'support', params }, async ({ staff, params: { tenantId } }) => {
  const overview = await tenantOverview(staff, tenantId);
  const { tenant } = overview;
  return (
    <>
      <PageHeader
        title={tenant.name}
        badge={<StatusBadge status={tenant.state} />}
        breadcrumbs={[{ label: 'Tenants', href: '/admin/tenants' }]}
        actions={
          <>
            <ButtonLink href={`/admin/queries?by=query&tenant=${tenant.id}`}>Queries</ButtonLink>
            <ButtonLink href={`/admin/audit?tenant=${tenant.id}`}>Audit</ButtonLink>
          </>
        }
      />
      <KeyValue
        columns={3}
        items={[
          { label: 'Tenant id', value: <code>{tenant.id}</code>, copy: tenant.id },
          { label: 'Created', value: <DateTime value={tenant.createdAt} format="absolute" /> },
        ]}
      />
      <TenantSections overview={overview} onAsk={ask} />
    </>
  );
});
