import { z } from 'zod';
import type { AutomationId, ReportId, RunId, RunStepId } from '@/db';

const automationId = z.uuid().transform((id) => id as AutomationId);
const runId = z.uuid().transform((id) => id as RunId);
const stepId = z.uuid().transform((id) => id as RunStepId);
const reportId = z.uuid().transform((id) => id as ReportId);

/** Path segments of pages and endpoints. */
export const automationParams = z.object({ id: automationId });
export const runParams = z.object({ id: runId });
export const stepParams = z.object({ id: runId, step: stepId });
export const reportParams = z.object({ id: reportId });

/** What a member sends to start a run; the key is made by the form. */
export const startInput = z.object({
  automationId,
  dryRun: z.boolean(),
  key: z.uuid(),
});
export const rerunInput = z.object({ runId, key: z.uuid() });
export const cancelInput = z.object({ runId });
