import { newId, resetConnections, type UserId } from '@/db';
import { consoleOverview } from '@/lib/load';
import { countTenant, readUsage } from '@/lib/usage';
import type { Bench } from './bench';
import { median } from './measure';
import { fillConsole } from './overview/fill';

/** Looks, of which the median counts; the first warms up. */
const looks = 11;

/** Milliseconds that the console's first page may take of the database. */
const goal = { atMost: 300 } as const;

async function time(look: () => Promise<unknown>): Promise<number> {
  await look();
  const times: number[] = [];
  for (let at = 1; at < looks; at += 1) {
    const from = performance.now();
    await look();
    times.push(performance.now() - from);
  }
  return median(times);
}

/** The console's overview, and one tenant's usage, as the pages read them. */
const bench: Bench = {
  name: 'overview',
  async run(report, { quick }) {
    process.env.LOG_LEVEL = 'error';
    const tenants = quick ? 500 : 10_000;
    const filled = await fillConsole(tenants);
    await resetConnections(filled.urls);
    const staff = {
      userId: newId<UserId>(),
      role: 'support',
      name: 'Sam',
      email: 's@x.example',
      requestId: 'bench',
    } as const;
    try {
      for (const window of ['3h', '24h', '7d'] as const) {
        const value = await time(() => consoleOverview(staff, { window }));
        report({ name: `overview of ${tenants} tenants, ${window}`, value, unit: 'ms', goal });
      }
      const tenant = { tenantId: filled.tenant };
      const from = performance.now();
      await countTenant(tenant);
      const name = 'counting the hours of 60 days of a tenant';
      report({ name, value: performance.now() - from, unit: 'ms' });
      report({
        name: 'counting a tenant again',
        value: await time(() => countTenant(tenant)),
        unit: 'ms',
      });
      report({
        name: 'usage of 30 days of a tenant',
        value: await time(() => readUsage(tenant, { period: '30d' })),
        unit: 'ms',
        goal,
      });
    } finally {
      await resetConnections();
      await filled.stop();
    }
  },
};

export default bench;
