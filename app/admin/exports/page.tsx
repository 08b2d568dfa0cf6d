import type { Metadata } from 'next';
import { PlatformExportList } from '@/components/exports/platform-export-list';
import { FilterBar, PageHeader, statusLook } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { listPlatformExports, platformExportFilter } from '@/lib/exports';
import { exportStates } from '@/lib/exports/contract';

export const metadata: Metadata = { title: 'Exports across tenants' };

export default staffPage(
  { role: 'support', search: platformExportFilter },
  async ({ staff, search }) => (
    <>
      <PageHeader
        title="Exports across tenants"
        description="Files that members asked for, and how they went. What one holds stays with its tenant; a failed one is asked for again there."
      />
      <FilterBar
        filters={[
          {
            param: 'needs',
            label: 'Needs a person',
            unset: 'Any',
            options: [{ value: 'yes', label: 'Only these' }],
          },
          {
            param: 'state',
            label: 'State',
            options: exportStates.map((value) => ({ value, label: statusLook(value).label })),
          },
          {
            param: 'kind',
            label: 'Of what',
            options: [
              { value: 'audit', label: 'The record' },
              { value: 'tenant', label: 'Everything' },
            ],
          },
          { param: 'tenant', label: 'Tenant id', type: 'text' },
        ]}
      />
      <PlatformExportList filter={search} first={await listPlatformExports(staff, search)} />
    </>
  ),
);
