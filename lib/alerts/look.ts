import { alerting } from '@/db';
import type { DenialRule } from '@/db/schema';
import { logger } from '@/lib/observability';
import { rules } from './rules';

/** @returns how many alerts of the rule it opened */
async function lookBy(watch: alerting.Watch): Promise<number> {
  const { rule } = watch;
  try {
    await alerting.countAtAlerts(watch);
    const ids = await alerting.openAlerts(watch);
    for (const id of ids) logger.warn({ alert_id: id, rule }, 'An alert was opened');
    return ids.length;
  } catch (error) {
    // One rule that cannot be held against the record silences neither the others nor the mails.
    logger.error({ err: error, rule }, 'A rule could not be held against the record');
    return 0;
  }
}

/**
 * Hold the record against every rule: open what has come up, count at what is open. To be repeated
 * at will; of the same denials it makes nothing twice. A rule that fails is logged.
 * @returns how many alerts it opened
 */
export async function lookForAlerts(): Promise<number> {
  let opened = 0;
  for (const [rule, figures] of Object.entries(rules)) {
    opened += await lookBy({ ...figures, rule: rule as DenialRule });
  }
  return opened;
}
