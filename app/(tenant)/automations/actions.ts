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
  { name: 'automations.create', permission: 'automations:manage', input: createInput },
  async ({ context, input }) => {
    redirect(`/automations/${await createAutomation(context, input)}`);
  },
);

export const update = tenantAction(
  { name: 'automations.update', permission: 'automations:manage', input: updateInput },
  async ({ context, input: { id, ...input } }) => {
    await updateAutomation(context, id, input);
    redirect(`/automations/${id}`);
  },
);

export const enable = tenantAction(
  { name: 'automations.enable', permission: 'automations:switch', input: enableInput },
  ({ context, input }) => enableAutomation(context, input.id, input.enabled),
);

export const archive = tenantAction(
  { name: 'automations.archive', permission: 'automations:manage', input: archiveInput },
  ({ context, input }) => archiveAutomation(context, input.id, input.confirm),
);

/** Answers the id of the run. */
export const start = tenantAction(
  { name: 'automations.start', permission: 'runs:start', input: startInput },
  ({ context, input }) => requestRun(context, input),
);
