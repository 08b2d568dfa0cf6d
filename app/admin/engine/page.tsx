import type { Metadata } from 'next';
import { EngineView, InngestNotice } from '@/components/console/engine-view';
import { FilterBar, PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { engineFilter, openEngine } from '@/lib/console';

export const metadata: Metadata = { title: 'Engine' };

const states = [
  { value: 'running', label: 'Running' },
  { value: 'failing', label: 'Failing' },
  { value: 'parked', label: 'Parked' },
  { value: 'waiting', label: 'Waiting' },
];

export default staffPage({ role: 'support', search: engineFilter }, async ({ staff, search }) => {
  const view = await openEngine(staff, search);
  return (
    <>
      <PageHeader
        title="Engine"
        description="The work behind the pages: what waits, runs, fails and is parked, by function and by tenant."
      />
      {view.mode === 'inngest' ? (
        <InngestNotice view={view} />
      ) : (
        <>
          <FilterBar
            filters={[
              { param: 'job', label: 'Jobs', options: states },
              {
                param: 'fn',
                label: 'Function',
                options: view.functions.map(({ functionId, name }) => ({
                  value: functionId,
                  label: name,
                })),
              },
              { param: 'tenant', label: 'Tenant id', type: 'text' },
            ]}
          />
          <EngineView view={view} />
        </>
      )}
    </>
  );
});
