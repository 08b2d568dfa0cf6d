import { rmSync } from 'node:fs';
import { newDataDir, startServer } from '@/e2e/support/server';
import type { Bench } from './bench';
import { median } from './measure';

/** Later starts, of which the median counts; one if it has to be quick. */
const LATER = 3;

/** Seconds from `npm start` until it says that it is ready; stopped again. */
async function secondsToReady(dataDir: string): Promise<number> {
  const from = performance.now();
  const server = await startServer({ dataDir });
  const seconds = (performance.now() - from) / 1_000;
  await server.stop();
  return seconds;
}

/**
 * How long one waits for `npm start`. The build, which lies there from the first start of all, is
 * left out: it runs beside the rest, so this is at most what a first start takes on top of it.
 */
const bench: Bench = {
  name: 'start',
  async run(report, { quick }) {
    const dataDir = newDataDir();
    try {
      // So that the build is there, and the files are in the system's cache for every start alike.
      const warm = newDataDir();
      await secondsToReady(warm);
      rmSync(warm, { recursive: true, force: true });
      const first = await secondsToReady(dataDir);
      report({
        name: 'first start beside the build',
        value: first,
        unit: 's',
        goal: { atMost: 10 },
      });
      const later: number[] = [];
      for (let at = 0; at < (quick ? 1 : LATER); at += 1) later.push(await secondsToReady(dataDir));
      report({ name: 'later starts', value: median(later), unit: 's', goal: { atMost: 3 } });
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

export default bench;
