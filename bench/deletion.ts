import { setTimeout as delay } from 'node:timers/promises';
import type { DeletionId } from '@/db';
import { advanceDeletion } from '@/lib/lifecycle/advance';
import type { Bench } from './bench';
import { startInstallation } from './deletion/installation';
import { startLoad, watchLocks } from './deletion/load';
import { quantile, rounded } from './measure';

const OTHERS = 6;
/** Milliseconds of the others' work without a deletion, for comparison. */
const ALONE = 8_000;

async function bring(id: DeletionId): Promise<void> {
  while ((await advanceDeletion(id, { settle: 0 })) !== 'done');
}

/** A tenant with a million rows is erased while others work. */
const bench: Bench = {
  name: 'deletion',
  async run(report, { quick }) {
    const rows = quick ? 50_000 : 1_000_000;
    const place = await startInstallation(rows, OTHERS);
    try {
      const before = startLoad(place.others);
      await delay(quick ? 2_000 : ALONE);
      const alone = await before.stop();
      const id = await place.ask();
      const [load, locks] = [startLoad(place.others), watchLocks(place.owner)];
      const from = performance.now();
      await bring(id);
      const seconds = (performance.now() - from) / 1_000;
      const [meanwhile, longest] = [await load.stop(), await locks.stop()];
      const many = rows.toLocaleString('en');
      report({
        name: `longest wait of others for a lock, ${many} rows erased`,
        value: rounded(longest, 1),
        unit: 'ms',
        goal: { atMost: 100 },
      });
      report({ name: 'rows erased', value: Math.round(rows / seconds), unit: '1/s' });
      for (const [what, times] of [
        ['alone', alone],
        ['meanwhile', meanwhile],
      ] as const) {
        report({
          name: `transaction of others, ${what}: median`,
          value: rounded(quantile(times, 0.5), 2),
          unit: 'ms',
        });
        report({
          name: `transaction of others, ${what}: 99 of 100 within`,
          value: rounded(quantile(times, 0.99), 2),
          unit: 'ms',
        });
      }
    } finally {
      await place.stop();
    }
  },
};

export default bench;
