import { beforeEach, describe, expect, it } from 'vitest';
import { withTenant } from '@/db';
import { usageHours } from '@/db/schema';
import { countTenant, limitsUsed, readUsage } from '.';
import { accountFor } from './functions';
import {
  counted,
  expected,
  hour,
  now,
  numbers,
  type Tally,
  usageWorld,
  type World,
} from './testing';

const { database, world, happen } = usageWorld();
let tenant: World;
let neighbour: World;

beforeEach(async () => {
  tenant = await world('Harbour');
  neighbour = await world('Neighbour');
});

describe('counting', () => {
  for (const seed of [1, 2, 3]) {
    it(`comes to what the records say, whatever happened (history ${seed})`, async () => {
      const random = numbers(seed);
      const tally: Tally = new Map();
      const others: Tally = new Map();
      for (let n = 0; n < 60; n += 1) {
        const at = new Date(now.getTime() - random() * 19 * 24 * hour);
        await happen(tenant, tally, at, random);
        if (n % 5 === 0) await happen(neighbour, others, at, random);
      }
      await countTenant(tenant, now);
      await countTenant(neighbour, now);
      expect(await counted(tenant)).toEqual(expected(tally));
      expect(await counted(neighbour)).toEqual(expected(others));
    });
  }

  it('done again changes nothing', async () => {
    const tally: Tally = new Map();
    for (let n = 1; n < 9; n += 1)
      await happen(tenant, tally, new Date(now.getTime() - n * 5 * hour), numbers(n));
    await countTenant(tenant, now);
    const before = await withTenant(tenant, (tx) => tx.select().from(usageHours));
    await countTenant(tenant, now);
    expect(await withTenant(tenant, (tx) => tx.select().from(usageHours))).toEqual(before);
  });

  it('takes in what came late, and corrects what stands wrong', async () => {
    const tally: Tally = new Map();
    await happen(tenant, tally, new Date(now.getTime() - 9 * hour), numbers(7));
    await countTenant(tenant, now);
    await happen(tenant, tally, new Date(now.getTime() - 6 * hour), numbers(8));
    await database.owner.query('update usage_hours set runs = 17 where tenant_id = $1', [
      tenant.tenantId,
    ]);
    await countTenant(tenant, now);
    expect(await counted(tenant)).toEqual(expected(tally));
  });

  it('is what the limits go by, whoever looks', async () => {
    const tally: Tally = new Map();
    await happen(tenant, tally, now, numbers(3));
    await countTenant(tenant, now);
    const use = await withTenant(tenant, (tx) => limitsUsed(tx, tenant.tenantId, now));
    expect(use).toEqual({ automations: 1, members: 1, runsPerMonth: 1 });
  });

  it.each(['is being deleted', 'is gone'])('leaves nothing of a tenant that %s', async (what) => {
    const { tenantId } = await database.createTenant('Doomed');
    const change =
      what === 'is gone' ? 'delete from tenants' : "update tenants set state = 'deleting'";
    await database.owner.query(`${change} where id = $1`, [tenantId]);
    expect(await accountFor({ tenantId }, now)).toBe(true);
    for (const table of ['usage_states', 'usage_hours', 'usage_warnings']) {
      const { rows } = await database.owner.query(`select from ${table} where tenant_id = $1`, [
        tenantId,
      ]);
      expect(rows, table).toEqual([]);
    }
  });

  it('goes on where it stood, hours later', async () => {
    const tally: Tally = new Map();
    await countTenant(tenant, new Date(now.getTime() - 30 * hour));
    for (let n = 1; n < 30; n += 4)
      await happen(tenant, tally, new Date(now.getTime() - n * hour), numbers(n));
    await countTenant(tenant, now);
    expect(await counted(tenant)).toEqual(expected(tally));
  });
});

describe('a report', () => {
  it('is the same before and after the hours are counted', async () => {
    const tally: Tally = new Map();
    const random = numbers(5);
    for (let n = 0; n < 20; n += 1)
      await happen(tenant, tally, new Date(now.getTime() - random() * 6 * 24 * hour), random);
    const live = await readUsage(tenant, { period: '7d' });
    await countTenant(tenant, now);
    const stored = await readUsage(tenant, { period: '7d' });
    expect(stored.points).toEqual(live.points);
    expect(stored.totals.runs).toBe(20);
  });

  it('has the running hour, and members once over many hours', async () => {
    const tally: Tally = new Map();
    const sometimes = () => 0.1;
    await happen(tenant, tally, new Date(now.getTime() - 5 * hour), sometimes);
    await happen(tenant, tally, now, sometimes);
    await countTenant(tenant, now);
    const { points, totals } = await readUsage(tenant, { period: '24h' });
    expect(points).toHaveLength(24);
    expect(points.at(-1)).toMatchObject({ runs: 1, activeMembers: 1 });
    expect(totals).toMatchObject({ runs: 2, activeMembers: 1 });
    const days = await readUsage(tenant, { period: '30d' });
    expect(days.points).toHaveLength(30);
    expect(days.totals).toMatchObject({ runs: 2, activeMembers: 1 });
  });

  it('of a tenant in which nothing happened is all noughts', async () => {
    const { points, totals } = await readUsage(tenant, { period: '24h' });
    expect(totals).toMatchObject({
      runs: 0,
      steps: 0,
      providerCalls: 0,
      effects: 0,
      storage: null,
    });
    expect(points.every(({ runs: none }) => none === 0)).toBe(true);
  });
});
