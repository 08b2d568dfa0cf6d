import type { Metadata } from 'next';
import { RunList } from '@/components/runs/run-list';
import { FilterBar, PageHeader, statusLook } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { automationNames, listRuns, runFilter, runStates } from '@/lib/automations';

export const metadata: Metadata = { title: 'Runs' };

export default tenantPage(
  { permission: 'runs:read', search: runFilter },
  async ({ context, search: filter }) => {
    const [first, automations] = await Promise.all([
      listRuns(context, filter),
      automationNames(context),
    ]);
    return (
      <>
        <PageHeader
          title="Runs"
          description="Every time an automation was carried out, and what came of it."
        />
        <FilterBar
          filters={[
            {
              param: 'state',
              label: 'State',
              options: runStates.map((value) => ({ value, label: statusLook(value).label })),
            },
            {
              param: 'automation',
              label: 'Automation',
              options: automations.map(({ id, name }) => ({ value: id, label: name })),
            },
            {
              param: 'dry',
              label: 'Dry run',
              options: [
                { value: 'yes', label: 'Dry runs only' },
                { value: 'no', label: 'No dry runs' },
              ],
            },
          ]}
        />
        <RunList filter={filter} first={first} />
      </>
    );
  },
);
