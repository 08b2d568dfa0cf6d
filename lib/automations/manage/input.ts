import { z } from 'zod';
import { idOf } from '@/lib/ids/contract';
import { typedName } from '@/lib/names/contract';
import { automationParams } from '../params';

/** What a person sends of an automation; parameters are checked against its template. */
export const automationInput = z.object({
  name: typedName({ min: 1, max: 120 }, 'Give it a name.'),
  connectionId: idOf('connection', 'Choose a connection.'),
  parameters: z.record(z.string(), z.unknown()).default({}),
  trigger: z.discriminatedUnion(
    'type',
    [
      z.object({ type: z.literal('manual') }),
      z.object({
        type: z.literal('schedule'),
        cron: z.string('Say when it should run.').trim(),
        timeZone: z.string('Choose a time zone.').trim(),
      }),
    ],
    'Choose how it is started.',
  ),
});
export type AutomationInput = z.output<typeof automationInput>;

export const createInput = automationInput.extend({ template: z.string().min(1).max(100) });
export const updateInput = automationInput.extend(automationParams.shape);
export const archiveInput = automationParams.extend({ confirm: z.string().max(200) });
export const enableInput = automationParams.extend({ enabled: z.boolean() });
