import { beforeEach, describe, expect, it } from 'vitest';
import { newId, withTenant } from '@/db';
import { readUsage } from '.';
import { accountFor } from './functions';
import { lockState } from './state';
import { measureIfDue, measureStorage } from './storage';
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

describe('storage', () => {
  it('is what the rows of this tenant hold, and of no other', async () => {
    const before = await measureStorage(tenant);
    const neighbours = await measureStorage(neighbour);
    const tally: Tally = new Map();
    for (let n = 0; n < 20; n += 1) await happen(tenant, tally, now, numbers(n));
    const after = await measureStorage(tenant);
    expect(after).toBeGreaterThan(before + 20 * 500);
    expect(await measureStorage(neighbour)).toBe(neighbours);
  });

  it('is measured at first, and again only after six hours with activity', async () => {
    expect(await measureIfDue(tenant, now)).toBeGreaterThan(0);
    await happen(tenant, new Map(), new Date(now.getTime() + 60_000), numbers(1));
    expect(await measureIfDue(tenant, new Date(now.getTime() + 5 * hour))).toBeNull();
    expect(await measureIfDue(tenant, new Date(now.getTime() + 7 * hour))).toBeGreaterThan(0);
    expect(await measureIfDue(tenant, new Date(now.getTime() + 14 * hour))).toBeNull();
  });

  it('that cannot be measured keeps neither counts nor warnings back', async () => {
    await database.owner.query(
      'insert into tenant_limits (tenant_id, id, members) values ($1, $2, 1)',
      [tenant.tenantId, newId()],
    );
    const tally: Tally = new Map();
    await happen(tenant, tally, new Date(now.getTime() - 2 * hour), numbers(1));
    await database.owner.query('revoke select on audit_streams from tenantry_app');
    try {
      expect(await accountFor(tenant, now)).toBe(true);
    } finally {
      await database.owner.query('grant select on audit_streams to tenantry_app');
    }
    expect(await counted(tenant)).toEqual(expected(tally));
    const { rows } = await database.owner.query(
      'select limit_key, percent from usage_warnings where tenant_id = $1 order by percent',
      [tenant.tenantId],
    );
    expect(rows).toEqual([
      { limit_key: 'members', percent: 80 },
      { limit_key: 'members', percent: 100 },
    ]);
    expect((await readUsage(tenant, { period: '24h' })).totals.storage).toBeNull();
    expect(await accountFor(tenant, now)).toBe(true);
    expect((await readUsage(tenant, { period: '24h' })).totals.storage).toBeGreaterThan(0);
  });

  it('is measured without keeping anything waiting', async () => {
    const holder = database.owner;
    try {
      await holder.query('begin');
      await holder.query('lock table audit_streams in access exclusive mode');
      const measuring = measureIfDue(tenant, now);
      await expect
        .poll(async () => {
          const { rows } = await holder.query(
            "select 1 from pg_locks where relation = 'audit_streams'::regclass and not granted",
          );
          return rows.length;
        })
        .toBe(1);
      await withTenant(tenant, (tx) => lockState(tx, tenant.tenantId));
      await holder.query('rollback');
      expect(await measuring).toBeGreaterThan(0);
    } finally {
      await holder.query('rollback');
    }
  });
});
