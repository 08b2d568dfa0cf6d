import type { Metadata } from 'next';
import { PlatformRunList } from '@/components/console/run-list';
import { FilterBar, PageHeader, statusLook } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { listTemplates, runStates } from '@/lib/automations';
import { listPlatformRuns, platformRunFilter } from '@/lib/console';

export const metadata: Metadata = { title: 'Runs across tenants' };

export default staffPage(
  { role: 'support', search: platformRunFilter },
  async ({ staff, search }) => {
    const templates = listTemplates();
    return (
      <>
        <PageHeader
          title="Runs across tenants"
          description="How automations ran, in every tenant. What they are called and what they touched stays there."
        />
        <FilterBar
          filters={[
            { param: 'tenant', label: 'Tenant id', type: 'text' },
            {
              param: 'state',
              label: 'State',
              options: runStates.map((value) => ({ value, label: statusLook(value).label })),
            },
            {
              param: 'stuck',
              label: 'Stuck',
              unset: 'Any',
              options: [{ value: 'yes', label: 'Stuck only' }],
            },
            {
              param: 'parked',
              label: 'Parked',
              unset: 'Any',
              options: [{ value: 'yes', label: 'Parked only' }],
            },
            {
              param: 'trigger',
              label: 'Started',
              options: [
                { value: 'manual', label: 'By hand' },
                { value: 'schedule', label: 'By its schedule' },
                { value: 'rerun', label: 'Run again' },
              ],
            },
            {
              param: 'template',
              label: 'Template',
              options: templates.map(({ key, title }) => ({ value: key, label: title })),
            },
            { param: 'from', label: 'From (UTC)', type: 'date' },
            { param: 'to', label: 'To (UTC)', type: 'date' },
          ]}
        />
        <PlatformRunList
          filter={search}
          first={await listPlatformRuns(staff, search)}
          titles={Object.fromEntries(templates.map(({ key, title }) => [key, title]))}
        />
      </>
    );
  },
);
