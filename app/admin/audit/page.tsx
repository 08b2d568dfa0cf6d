import type { Metadata } from 'next';
import { auditFilters } from '@/components/audit/filters';
import { AcrossDialog } from '@/components/exports/across-dialog';
import { PlatformAuditList } from '@/components/platform/platform-audit-list';
import { FilterBar, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { browsePlatformAudit, platformAuditFilter } from '@/lib/platform';
import { askExportAcross } from './actions';

export const metadata: Metadata = { title: 'Audit across tenants' };

export default staffPage(
  { role: 'support', search: platformAuditFilter },
  async ({ staff, search }) => (
    <>
      <PageHeader
        title="Audit across tenants"
        description="Who did what, in every tenant. What they call things, and the details, stay with them."
        actions={<AcrossDialog onAsk={askExportAcross} />}
      />
      <FilterBar
        filters={[{ param: 'tenant', label: 'Tenant id', type: 'text' }, ...auditFilters]}
      />
      <PlatformAuditList filter={search} first={await browsePlatformAudit(staff, search)} />
    </>
  ),
);
