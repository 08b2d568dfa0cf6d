'use server';
import { tenantAction } from '@/lib/access';
import { cancelInput, cancelRun, rerunInput, rerun as rerunOf } from '@/lib/automations';

/** Answers the id of the new run. */
export const rerun = tenantAction(
  { name: 'runs.rerun', permission: 'runs:mend', input: rerunInput },
  ({ context, input }) => rerunOf(context, input.runId, input.key),
);

export const cancel = tenantAction(
  { name: 'runs.cancel', permission: 'runs:mend', input: cancelInput },
  ({ context, input }) => cancelRun(context, input.runId),
);
