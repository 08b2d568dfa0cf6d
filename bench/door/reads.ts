import type { Report } from '../bench';
import { interleaved, median, ratio, slice } from '../measure';
import type { Target } from './data';
import type { Placement } from './placement';
import { labelOf, type Read, type Turns } from './sizes';
import type { Way } from './way';

/**
 * Reads before the first that counts, by each way. V8 makes the machine code for good only after some
 * thousand calls: a page by the door took the client 225 µs in the first thousand and 90 after five
 * thousand. A server that has been up for a second is past that, so all ways begin there.
 */
const WARM_UP = { point: 4_000, page: 2_000 } as const;

function check(way: Way, read: Read, rows: readonly unknown[]): void {
  if (rows.length !== (read === 'point' ? 1 : 50)) {
    throw new Error(`${way.name}: ${rows.length} rows for a ${read}`);
  }
}

interface Case {
  readonly read: Read;
  readonly clients: number;
  readonly turns: Turns;
  /** Where client and server are held, if they are. */
  readonly placement?: Placement | undefined;
  /** What else is to be said of it; then its goals are not asked for. */
  readonly remark?: string;
}

/** How long reads take by each way, relative to the first one. */
export async function compareReads(
  ways: readonly [floor: Way, ...others: Way[]],
  targets: readonly Target[],
  { read, clients, turns, placement, remark }: Case,
  report: Report,
): Promise<void> {
  const sliceOf = (way: Way, reads = turns.reads) =>
    slice(reads, clients, async (at) => {
      check(way, read, await way[read](targets[at % targets.length] as Target));
    });
  const [base, ...others] = ways;
  // Each in turns with the floor alone: what a machine does besides changes in tenths of seconds, and
  // of nine ways the last one would be half a second away from the floor that it is compared with.
  const times: number[][][] = [];
  for (const way of others) {
    for (const each of [base, way]) await sliceOf(each, WARM_UP[read])();
    times.push(await interleaved([sliceOf(base), sliceOf(way)], turns.rounds));
  }
  const label = [labelOf(read, clients), placement, remark].filter(Boolean).join(', ');
  const floors = times.flatMap(([floor = []]) => floor);
  report({ name: `${label}: ${base.name}`, value: median(floors), unit: 'ms' });
  for (const [index, way] of others.entries()) {
    const [floor = [], own = []] = times[index] ?? [];
    const limit = remark === undefined ? way.goals?.[read] : undefined;
    report({
      name: `${label}: ${way.name}`,
      value: ratio(own, floor),
      unit: '×',
      ...(limit !== undefined && { goal: { atMost: limit } }),
    });
  }
}
