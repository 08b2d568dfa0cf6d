import type { Report } from '../bench';
import { interleaved, median, ratio, slice } from '../measure';
import { type Copy, createCopy } from './copies';
import type { DoorData, Target } from './data';
import { floorOver } from './peers';
import { inEachPlacement, type Placement } from './placement';
import { labelOf, type Read, type Sizes, turnsOf } from './sizes';

const GOAL = { point: 1.15, page: 1.3 } as const;

/** Times as many turns as other reads get: what is to be told apart is small. */
const TURNS = 2;

/**
 * How reads slow down from few tenants to many, each with as many rows: by the door, and by the floor,
 * since rows of few lie in the processor's caches whoever reads them.
 */
export async function compareGrowth(
  data: DoorData,
  { growth: [few, many], growthRows: rows, rounds }: Sizes,
  clientCounts: readonly number[],
  report: Report,
): Promise<void> {
  const before = await createCopy(data, { name: 'bench_few', tenants: few, rows });
  const after = await createCopy(data, { name: 'bench_many', tenants: many, rows });
  const most = Math.max(...clientCounts);
  const floors = ['bench_few', 'bench_many'].map((table) => floorOver(data.urls, most, table));
  const target = (copy: Copy, at: number) => copy.targets[at % copy.targets.length] as Target;

  const compare = async (read: Read, clients: number, placement?: Placement) => {
    const { reads } = turnsOf(read, clients, rounds);
    const byDoor = [before, after].map((copy) => slice(reads, clients, (at) => copy[read](at)));
    const byFloor = [before, after].map((copy, index) =>
      slice(reads, clients, async (at) => floors[index]?.[read](target(copy, at))),
    );
    const times = await interleaved([...byDoor, ...byFloor], rounds * TURNS);
    const [small = [], big = [], floorSmall = [], floorBig = []] = times;
    const what = ['growth', labelOf(read, clients), placement].filter(Boolean).join(', ');
    const grown = `${what}: ${many.toLocaleString('en')} tenants to ${few}`;
    report({ name: `${what}: ${few} tenants`, value: median(small), unit: 'ms' });
    report({ name: grown, value: ratio(big, small), unit: '×', goal: { atMost: GOAL[read] } });
    report({ name: `${grown}, by the floor`, value: ratio(floorBig, floorSmall), unit: '×' });
  };

  try {
    for (const read of ['point', 'page'] as const) {
      for (const clients of clientCounts) {
        if (clients > 1) await compare(read, clients);
        else await inEachPlacement(data.owner, (placement) => compare(read, clients, placement));
      }
    }
  } finally {
    await Promise.all(floors.map((floor) => floor.close()));
  }
}
