import type { Report } from '../bench';
import { interleaved, median, ratio, slice } from '../measure';
import type { Target } from './data';
import type { Placement } from './placement';
import type { Way } from './way';

/** Reads in one slice, over all clients. */
const SLICE = { point: 320, page: 96 } as const;

/**
 * Reads before the first that counts, by each way. V8 makes the machine code for good only after some
 * thousand calls: a page by the door took the client 225 µs in the first thousand and 90 after five
 * thousand. A server that has been up for a second is past that, so all ways begin there.
 */
const WARM_UP = { point: 4_000, page: 2_000 } as const;

type Read = 'point' | 'page';

function check(way: Way, read: Read, rows: readonly unknown[]): void {
  if (rows.length !== (read === 'point' ? 1 : 50)) {
    throw new Error(`${way.name}: ${rows.length} rows for a ${read}`);
  }
}

interface Case {
  readonly read: Read;
  readonly clients: number;
  readonly rounds: number;
  /** Where client and server are held, if they are. */
  readonly placement?: Placement | undefined;
}

/** How long reads take by each way, relative to the first one. */
export async function compareReads(
  ways: readonly [floor: Way, ...others: Way[]],
  targets: readonly Target[],
  { read, clients, rounds, placement }: Case,
  report: Report,
): Promise<void> {
  const sliceOf = (way: Way, reads: number = SLICE[read]) =>
    slice(reads, clients, async (at) => {
      check(way, read, await way[read](targets[at % targets.length] as Target));
    });
  const [base, ...others] = ways;
  // Each in turns with the floor alone: what a machine does besides changes in tenths of seconds, and
  // of nine ways the last one would be half a second away from the floor that it is compared with.
  const times: number[][][] = [];
  for (const way of others) {
    for (const each of [base, way]) await sliceOf(each, WARM_UP[read])();
    times.push(await interleaved([sliceOf(base), sliceOf(way)], rounds));
  }
  const what = `${read === 'point' ? 'point read' : 'page of 50'}, ${clients} client${clients === 1 ? '' : 's'}`;
  const label = placement === undefined ? what : `${what}, ${placement}`;
  const floors = times.flatMap(([floor = []]) => floor);
  report({ name: `${label}: ${base.name}`, value: median(floors), unit: 'ms' });
  for (const [index, way] of others.entries()) {
    const [floor = [], own = []] = times[index] ?? [];
    const limit = way.goals?.[read];
    report({
      name: `${label}: ${way.name}`,
      value: ratio(own, floor),
      unit: '×',
      ...(limit !== undefined && { goal: { atMost: limit } }),
    });
  }
}
