import type { Metadata } from 'next';
import { ReportList } from '@/components/reports/report-list';
import { PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { listReports } from '@/lib/automations';

export const metadata: Metadata = { title: 'Reports' };

export default tenantPage({ permission: 'reports:read' }, async ({ context }) => (
  <>
    <PageHeader
      title="Reports"
      description="Tables that automations have written: to read here, or to take with you."
    />
    <ReportList first={await listReports(context)} />
  </>
));
