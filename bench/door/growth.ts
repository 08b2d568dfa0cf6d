import type { Report } from '../bench';
import { interleaved, median, ratio, slice } from '../measure';
import { createCopy } from './copies';
import type { DoorData } from './data';
import { labelOf, type Sizes, turnsOf } from './sizes';

const GOAL = { point: 1.15, page: 1.3 } as const;

/** How reads by the door slow down from few tenants to many, each with as many rows. */
export async function compareGrowth(
  data: DoorData,
  { growth: [few, many], growthRows: rows, rounds }: Sizes,
  clientCounts: readonly number[],
  report: Report,
): Promise<void> {
  const before = await createCopy(data, { name: 'bench_few', tenants: few, rows });
  const after = await createCopy(data, { name: 'bench_many', tenants: many, rows });
  for (const read of ['point', 'page'] as const) {
    for (const clients of clientCounts) {
      const { reads } = turnsOf(read, clients, rounds);
      // As many rounds for many clients as for one: with only two ways there is time for them, and a
      // third of them told 1.07 and 1.23 of the same code.
      const [small = [], big = []] = await interleaved(
        [before, after].map((copy) => slice(reads, clients, (at) => copy[read](at))),
        rounds,
      );
      const what = labelOf(read, clients);
      report({ name: `growth, ${what}: ${few} tenants`, value: median(small), unit: 'ms' });
      report({
        name: `growth, ${what}: ${many.toLocaleString('en')} tenants to ${few}`,
        value: ratio(big, small),
        unit: '×',
        goal: { atMost: GOAL[read] },
      });
    }
  }
}
