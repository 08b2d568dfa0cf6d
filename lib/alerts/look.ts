import { alerting } from '@/db';
import type { AlertRule } from '@/db/schema';
import { logger } from '@/lib/observability';
import { rules } from './rules';

/**
 * Hold the record against every rule: open what has come up, count at what is open. To be repeated
 * at will; of the same denials it makes nothing twice.
 * @returns how many alerts it opened
 */
export async function lookForAlerts(): Promise<number> {
  let opened = 0;
  for (const [rule, figures] of Object.entries(rules)) {
    const watch = { ...figures, rule: rule as AlertRule };
    await alerting.countAtAlerts(watch);
    const ids = await alerting.openAlerts(watch);
    for (const id of ids) logger.warn({ alert_id: id, rule }, 'An alert was opened');
    opened += ids.length;
  }
  return opened;
}
