import type { Metadata } from 'next';
import { RunPage } from '@/components/runs/run-page';
import { tenantPage } from '@/lib/access';
import { readRun, runParams } from '@/lib/automations';
import { can } from '@/lib/tenancy';
import { cancel, rerun } from '../actions';

export const metadata: Metadata = { title: 'Run' };

export default tenantPage(
  { permission: 'runs:read', params: runParams },
  async ({ context, params }) => (
    <RunPage
      key={params.id}
      initial={await readRun(context, params.id)}
      rerun={rerun}
      cancel={cancel}
      mayStart={can(context.role, 'runs:mend')}
      mayLookInside={can(context.role, 'runs:contents')}
      mayAudit={can(context.role, 'audit:read')}
    />
  ),
);
