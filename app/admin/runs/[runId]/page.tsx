import type { Metadata } from 'next';
import { CancelRun } from '@/components/console/cancel-run';
import { RunState } from '@/components/console/run-columns';
import { RunView } from '@/components/console/run-view';
import { PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { isFinished, listTemplates } from '@/lib/automations';
import { openPlatformRun, platformRunParams } from '@/lib/console';
import { cancel } from '../actions';

export const metadata: Metadata = { title: 'Run' };

export default staffPage(
  { role: 'support', params: platformRunParams },
  async ({ staff, params }) => {
    const run = await openPlatformRun(staff, params.runId);
    const template = listTemplates().find(({ key }) => key === run.template);
    const titles = Object.fromEntries(
      (template?.steps ?? []).map(({ key, title }) => [key, title]),
    );
    return (
      <>
        <PageHeader
          title={template?.title ?? run.template}
          badge={<RunState run={run} />}
          breadcrumbs={[
            { label: 'Runs', href: '/admin/runs' },
            { label: run.tenantName, href: `/admin/runs?tenant=${run.tenantId}` },
          ]}
          actions={
            !isFinished(run.state) && (
              <CancelRun
                runId={run.id}
                tenantName={run.tenantName}
                asked={run.cancelRequestedAt !== null}
                onCancel={cancel}
              />
            )
          }
        />
        <RunView run={run} titles={titles} />
      </>
    );
  },
);
