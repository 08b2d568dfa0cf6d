import { makeCast } from '@/e2e/support/isolation/cast';
import { startServer } from '@/e2e/support/server';
import type { Bench } from './bench';
import { medianDifference, type Sample, samplePairs } from './timing/pairs';
import { questions } from './timing/questions';

/** Pairs of an id of another tenant and one that nobody has, for each endpoint; fewer prove nothing. */
const PAIRS = { full: 1_000, quick: 100 } as const;

/**
 * Whether the time of an answer tells another tenant's id from one that nobody has. Against the
 * built product with its own database; the order within a pair changes by chance.
 */
const bench: Bench = {
  name: 'timing',
  async run(report, { quick }) {
    const pairs = quick ? PAIRS.quick : PAIRS.full;
    const server = await startServer({ env: { LOG_LEVEL: 'warn' } });
    try {
      const cast = await makeCast(server);
      const all: Sample[] = [];
      for (const { name, ask } of questions(cast)) {
        const samples = await samplePairs(pairs, ask);
        all.push(...samples);
        report({
          name: `foreign − absent, median of ${pairs} pairs: ${name}`,
          value: medianDifference(samples),
          unit: 'ms',
          goal: { atMost: 1 },
        });
      }
      report({
        name: 'foreign − absent, all of them together',
        value: medianDifference(all),
        unit: 'ms',
        goal: { atMost: 1 },
      });
      await cast.pool.end();
    } finally {
      await server.stop();
    }
  },
};

export default bench;
