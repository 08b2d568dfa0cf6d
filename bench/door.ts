import { resetConnections } from '@/db';
import type { Bench, Report } from './bench';
import { createDoorData, type Target } from './door/data';
import { ours } from './door/ours';
import { floor, peers } from './door/peers';
import type { Way } from './door/way';

/** Slices of each way, interleaved so that whatever else the machine does hits all alike. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 21);
/** Reads in one slice, over all clients. */
const SLICE = { point: 320, page: 96 } as const;
/** As many connections as the busiest case has clients. */
const CONNECTIONS = 16;

type Read = 'point' | 'page';

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds per read with `clients` readers at once. */
async function slice(way: Way, read: Read, clients: number, targets: readonly Target[]) {
  const offset = Math.floor(Math.random() * targets.length);
  let next = 0;
  const reader = async () => {
    for (let at = next++; at < SLICE[read]; at = next++) {
      const rows = await way[read](targets[(offset + at) % targets.length] as Target);
      if (rows.length !== (read === 'point' ? 1 : 50)) {
        throw new Error(`${way.name}: ${rows.length} rows for a ${read}`);
      }
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: clients }, reader));
  return (performance.now() - start) / SLICE[read];
}

async function compare(
  ways: readonly Way[],
  read: Read,
  clients: number,
  targets: readonly Target[],
  report: Report,
): Promise<void> {
  const ratios = ways.map((): number[] => []);
  const floors: number[] = [];
  for (let round = -2; round < ROUNDS; round += 1) {
    let base = 0;
    for (const [index, way] of ways.entries()) {
      const time = await slice(way, read, clients, targets);
      if (index === 0) base = time;
      // The first rounds warm up connections, plans and the JIT.
      if (round >= 0) ratios[index]?.push(time / base);
    }
    if (round >= 0) floors.push(base);
  }
  const label = `${read === 'point' ? 'point read' : 'page of 50'}, ${clients} client${clients === 1 ? '' : 's'}`;
  report({ name: `${label}: ${ways[0]?.name}`, value: median(floors), unit: 'ms' });
  for (const [index, way] of ways.slice(1).entries()) {
    const limit = way.goals?.[read];
    report({
      name: `${label}: ${way.name}`,
      value: Number(median(ratios[index + 1] ?? []).toFixed(3)),
      unit: '×',
      ...(limit !== undefined && { goal: { atMost: limit } }),
    });
  }
}

const bench: Bench = {
  name: 'door',
  async run(report) {
    process.env.DATABASE_POOL = String(CONNECTIONS);
    const data = await createDoorData();
    const base = floor(data.urls, CONNECTIONS);
    const others = peers(data.urls, CONNECTIONS);
    await resetConnections(data.urls);
    try {
      const ways = [base, ...ours, ...others];
      for (const read of ['point', 'page'] as const) {
        for (const clients of [1, CONNECTIONS]) {
          await compare(ways, read, clients, data.targets, report);
        }
      }
    } finally {
      await Promise.all([base, ...others].map((way) => way.close()));
      await resetConnections();
      await data.stop();
    }
  },
};

export default bench;
