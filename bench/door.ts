import { resetConnections } from '@/db';
import type { Bench, Report } from './bench';
import { compareContext } from './door/context';
import { createDoorData, type DoorData } from './door/data';
import { compareGrowth } from './door/growth';
import { compareLarge } from './door/large';
import { ours } from './door/ours';
import { floor, peers } from './door/peers';
import { inEachPlacement } from './door/placement';
import { compareReads } from './door/reads';
import { measureSearch } from './door/search';
import { fullSize, inBursts, quickSize, type Sizes, turnsOf } from './door/sizes';

/** As many connections as the busiest case has clients. */
const CONNECTIONS = 16;
const CLIENTS = [1, CONNECTIONS] as const;

async function reads(data: DoorData, rounds: number, report: Report): Promise<void> {
  const { urls, targets, owner } = data;
  const base = floor(urls, CONNECTIONS);
  const others = peers(urls, CONNECTIONS);
  try {
    const ways = [base, ...ours, ...others] as const;
    for (const read of ['point', 'page'] as const) {
      await inEachPlacement(owner, (placement) =>
        compareReads(
          ways,
          targets,
          { read, clients: 1, turns: turnsOf(read, 1, rounds), placement },
          report,
        ),
      );
      const many = { read, clients: CONNECTIONS };
      const turns = turnsOf(read, CONNECTIONS, rounds);
      await compareReads(ways, targets, { ...many, turns }, report);
      const bursts = { ...many, turns: inBursts(read, rounds), remark: 'in bursts' };
      await compareReads([base, ...ours], targets, bursts, report);
    }
  } finally {
    await Promise.all([base, ...others].map((way) => way.close()));
  }
}

const bench: Bench = {
  name: 'door',
  async run(report, { quick }) {
    process.env.DATABASE_POOL = String(CONNECTIONS);
    process.env.LOG_LEVEL = 'error';
    const sizes: Sizes = quick ? quickSize : fullSize;
    const start = performance.now();
    const data = await createDoorData(sizes);
    const seconds = (performance.now() - start) / 1_000;
    report({ name: `filling it with ${sizes.resources} rows`, value: seconds, unit: 's' });
    await resetConnections(data.urls);
    try {
      await reads(data, sizes.rounds, report);
      await compareLarge(data, sizes.rounds, report);
      await measureSearch(data, report);
      await compareContext(data, sizes, CLIENTS, report);
      await compareGrowth(data, sizes, CLIENTS, report);
    } finally {
      await resetConnections();
      await data.stop();
    }
  },
};

export default bench;
