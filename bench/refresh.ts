import { withTenant } from '@/db';
import { renewToken } from '@/lib/connections/client';
import { loadCredential } from '@/lib/connections/credentials';
import { refreshAhead } from '@/lib/connections/upkeep/refresh-ahead';
import { findWay, type Grant } from '@/lib/providers';
import type { Bench } from './bench';
import { median, rounded } from './measure';
import { startWorld, type World } from './refresh/world';

/** Side by side, as the schedule does it. */
const CLIENTS = 8;
const fullSize = { tenants: 20, each: 20, rounds: 7 };
/** For those who are at work on it; its figures are no proof. */
const quickSize = { tenants: 4, each: 10, rounds: 3 };

/** Seconds that it takes to do something for each of them, so many at a time. */
async function timed<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<number> {
  const waiting = [...items];
  const start = performance.now();
  const client = async () => {
    for (let item = waiting.shift(); item; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (performance.now() - start) / 1_000;
}

async function grantsOf({ connected }: World): Promise<readonly Grant[]> {
  const grants: Grant[] = [];
  for (const { context, id } of connected) {
    const found = await withTenant(context, (tx) => loadCredential(tx, context, id));
    if (found?.grant) grants.push(found.grant);
  }
  return grants;
}

const bench: Bench = {
  name: 'refresh',
  async run(report, { quick }) {
    process.env.LOG_LEVEL = 'error';
    const { tenants, each, rounds } = quick ? quickSize : fullSize;
    const world = await startWorld(tenants, each);
    try {
      const count = world.connected.length;
      const grants = await grantsOf(world);
      const way = findWay('google', 'delegated');
      if (!way) throw new Error('there is no Google adapter');
      const times = { bare: [] as number[], path: [] as number[], schedule: [] as number[] };
      for (let round = -1; round < rounds; round += 1) {
        const bare = await timed(grants, (grant) => way.oauth().refresh(grant));
        const path = await timed(world.connected, ({ context, id }) => renewToken(context, id));
        await world.endTokens(60);
        const start = performance.now();
        const renewed = await refreshAhead(600_000);
        const schedule = (performance.now() - start) / 1_000;
        if (renewed !== count) throw new Error(`${renewed} of ${count} were renewed`);
        // The first round warms up connections, plans and the JIT.
        if (round < 0) continue;
        times.bare.push(bare);
        times.path.push(path);
        times.schedule.push(schedule);
      }
      const rate = (seconds: readonly number[]) => rounded(count / median(seconds), 0);
      const against = (seconds: readonly number[]) =>
        rounded(median(seconds.map((one, at) => one / (times.bare[at] ?? Number.NaN))), 2);
      report({ name: 'connections', value: count, unit: '' });
      report({ name: 'token endpoint alone', value: rate(times.bare), unit: '1/s' });
      report({ name: 'refreshes through the whole path', value: rate(times.path), unit: '1/s' });
      report({ name: 'refreshes by the schedule', value: rate(times.schedule), unit: '1/s' });
      report({
        name: 'whole path against the token endpoint alone',
        value: against(times.path),
        unit: '×',
        goal: { atMost: 4 },
      });
      report({
        name: 'the schedule against the token endpoint alone',
        value: against(times.schedule),
        unit: '×',
        goal: { atMost: 4 },
      });
    } finally {
      await world.stop();
    }
  },
};

export default bench;
