import type { Metadata } from 'next';
import { z } from 'zod';
import { FilterBar, PageHeader, StatusBadge } from '@/components/ui';
import { AtLimitForm } from '@/components/usage/at-limit-form';
import { ExportLink } from '@/components/usage/export-link';
import { usageFilters } from '@/components/usage/filters';
import { LimitMeters } from '@/components/usage/limit-meters';
import { MeasureCharts } from '@/components/usage/measure-charts';
import { staffPage } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { tenantUsage } from '@/lib/load';
import { limitConsequence, usageFilter } from '@/lib/usage';
import { setAtLimit } from './actions';

export const metadata: Metadata = { title: 'Usage of a tenant' };

const params = z.object({ tenantId: idOf('tenant') });

export default staffPage(
  { role: 'support', params, search: usageFilter },
  async ({ staff, params: { tenantId }, search }) => {
    const { tenant, report } = await tenantUsage(staff, tenantId, search);
    return (
      <>
        <PageHeader
          title={`${tenant.name}: usage`}
          badge={<StatusBadge status={tenant.state} />}
          breadcrumbs={[{ label: 'Tenants', href: '/admin/tenants' }]}
          description="Counted from the tenant’s own records, as its people see it. Times are in UTC."
        />
        <FilterBar
          filters={usageFilters}
          actions={<ExportLink path={`/api/admin/tenants/${tenantId}/usage`} filter={search} />}
        />
        <div className="flex flex-col gap-4">
          <MeasureCharts report={report} kind={search.kind} />
          <LimitMeters limits={report.limits} consequence={limitConsequence[report.atLimit]} />
          <AtLimitForm
            tenantId={tenantId}
            atLimit={report.atLimit}
            mayChange={staff.role === 'platform_admin'}
            onSet={setAtLimit}
          />
        </div>
      </>
    );
  },
);
