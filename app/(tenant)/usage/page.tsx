import type { Metadata } from 'next';
import { FilterBar, PageHeader } from '@/components/ui';
import { ExportLink } from '@/components/usage/export-link';
import { usageFilters } from '@/components/usage/filters';
import { LimitMeters } from '@/components/usage/limit-meters';
import { LimitNotices } from '@/components/usage/limit-notices';
import { MeasureCharts } from '@/components/usage/measure-charts';
import { tenantPage } from '@/lib/access';
import { limitConsequence, readUsage, usageFilter } from '@/lib/usage';

export const metadata: Metadata = { title: 'Usage' };

export default tenantPage(
  { permission: 'usage:read', search: usageFilter },
  async ({ context, search }) => {
    const report = await readUsage(context, search);
    return (
      <>
        <PageHeader
          title="Usage"
          description="What your organisation used, counted from its own records. Times are in UTC; the running hour is included."
        />
        <LimitNotices limits={report.limits} onlyTell={report.atLimit === 'tell'} />
        <FilterBar
          filters={usageFilters}
          actions={<ExportLink path="/api/usage/export" filter={search} />}
        />
        <div className="flex flex-col gap-4">
          <MeasureCharts report={report} kind={search.kind} />
          <LimitMeters limits={report.limits} consequence={limitConsequence[report.atLimit]} />
        </div>
      </>
    );
  },
);
