import { inngest } from '@/lib/jobs';
import { logger } from '@/lib/observability';

/** Says that a deletion has something to do; which one, the database knows. */
export const deletionsChanged = 'lifecycle/deletions.changed';

/** Have the deletions looked at now rather than within the minute. */
export async function wakeDeletions(): Promise<void> {
  try {
    await inngest.send({ name: deletionsChanged, data: {} });
  } catch (error) {
    logger.info({ err: error }, 'deletions are looked at within the minute');
  }
}
