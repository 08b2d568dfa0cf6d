'use server';
import { redirect } from 'next/navigation';
import { tenantAction } from '@/lib/access';
import {
  archiveAutomation,
  archiveInput,
  createAutomation,
  createInput,
  enableAutomation,
  enableInput,
  requestRun,
  startInput,
  updateAutomation,
  updateInput,
} from '@/lib/automations';

export const create = tenantAction(
  { permission: 'automations:manage', input: createInput },
  async ({ context, input }) => {
    redirect(`/automations/${await createAutomation(context, input)}`);
  },
);

export const update = tenantAction(
  { permission: 'automations:manage', input: updateInput },
  async ({ context, input: { id, ...input } }) => {
    await updateAutomation(context, id, input);
    redirect(`/automations/${id}`);
  },
);

export const enable = tenantAction(
  { permission: 'automations:manage', input: enableInput },
  ({ context, input }) => enableAutomation(context, input.id, input.enabled),
);

export const archive = tenantAction(
  { permission: 'automations:manage', input: archiveInput },
  ({ context, input }) => archiveAutomation(context, input.id, input.confirm),
);

/** Answers the id of the run. */
export const start = tenantAction(
  { permission: 'runs:start', input: startInput },
  ({ context, input }) => requestRun(context, input),
);
