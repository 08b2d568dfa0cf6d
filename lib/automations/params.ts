import { z } from 'zod';
import { idOf } from '@/lib/ids/contract';

/** Path segments of pages and endpoints. */
export const automationParams = z.object({ id: idOf('automation') });
export const runParams = z.object({ id: idOf('run') });
export const stepParams = z.object({ id: idOf('run'), step: idOf('step') });
export const reportParams = z.object({ id: idOf('report') });

/** What a member sends to start a run; the key is made by the form. */
export const startInput = z.object({
  automationId: idOf('automation'),
  dryRun: z.boolean(),
  key: idOf('fresh'),
});
export const rerunInput = z.object({ runId: idOf('run'), key: idOf('fresh') });
export const cancelInput = z.object({ runId: idOf('run') });
