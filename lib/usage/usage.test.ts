import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AutomationId,
  type ConnectionId,
  newId,
  type RunId,
  type RunStepId,
  type TenantContext,
  type UserId,
  withTenant,
} from '@/db';
import {
  automations,
  connections,
  effects,
  providerCalls,
  runSteps,
  runs,
  usageHours,
} from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { holdTestKey } from '@/lib/vault/testing';
import { countTenant, limitsUsed, readUsage } from '.';
import { accountFor } from './functions';
import { firstIdAt } from './id-time';
import { lockState } from './state';
import { measureIfDue, measureStorage } from './storage';

const database = testDatabase();
const hour = 3_600_000;
const now = new Date(Math.floor(Date.now() / hour) * hour + 20 * 60_000);

interface World extends TenantContext {
  readonly userId: UserId;
  readonly connectionId: ConnectionId;
  readonly automationId: AutomationId;
}

let tenant: World;
let neighbour: World;

async function world(name: string): Promise<World> {
  const made = await database.createTenant(name);
  const { userId } = await database.createMember(made);
  await database.owner.query('update tenants set created_at = $2 where id = $1', [
    made.tenantId,
    new Date(now.getTime() - 20 * 24 * hour),
  ]);
  const connectionId = newId<ConnectionId>();
  const automationId = newId<AutomationId>();
  await withTenant(made, async (tx) => {
    const own = { tenantId: made.tenantId, createdBy: userId };
    await tx.insert(connections).values({ ...own, id: connectionId, provider: 'google' });
    await tx.insert(automations).values({
      ...{ ...own, id: automationId, connectionId, name: 'Agenda', template: 'morning-agenda' },
      ...{ parameters: {}, trigger: { type: 'manual' } },
    });
  });
  return { ...made, userId, connectionId, automationId };
}

beforeAll(() => holdTestKey());
beforeEach(async () => {
  tenant = await world('Harbour');
  neighbour = await world('Neighbour');
});

/** Numbers that look random and are the same each time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What was written, by hours, to be held against what was counted. */
type Tally = Map<
  string,
  { runs: number; steps: number; calls: number; effects: number; members: Set<string> }
>;

const hourOf = (at: Date) => new Date(Math.floor(at.getTime() / hour) * hour).toISOString();

function entry(tally: Tally, at: Date) {
  const key = hourOf(at);
  const known = tally.get(key) ?? { runs: 0, steps: 0, calls: 0, effects: 0, members: new Set() };
  tally.set(key, known);
  return known;
}

let ids = 0;
const auditId = (at: Date) => {
  ids += 1;
  return `${firstIdAt(at).slice(0, 24)}${ids.toString(16).padStart(12, '0')}`;
};

/** One run with what belongs to it, some of it in later hours. */
async function happen(of: World, tally: Tally, at: Date, random: () => number): Promise<void> {
  const { tenantId, connectionId, automationId } = of;
  const later = () => new Date(Math.min(at.getTime() + random() * 3 * hour, now.getTime()));
  const runId = newId<RunId>();
  const runStepId = newId<RunStepId>();
  const begun = random() < 0.8 ? later() : null;
  const finished = later();
  const called = later();
  const outcome = random() < 0.7 ? ('done' as const) : ('failed' as const);
  const member = random() < 0.5 ? of.userId : newId<UserId>();
  await withTenant(of, async (tx) => {
    await tx.insert(runs).values({
      ...{ tenantId, id: runId, connectionId, automationId, parameters: {}, trigger: 'manual' },
      createdAt: at,
    });
    await tx.insert(runSteps).values({
      ...{ tenantId, id: runStepId, runId, key: 'one', position: 1, action: 'a', title: 'A' },
      startedAt: begun,
    });
    await tx.insert(providerCalls).values({
      ...{ tenantId, connectionId, runId, method: 'GET', path: '/', outcome: 'ok', durationMs: 1 },
      createdAt: called,
    });
    await tx.insert(effects).values({
      ...{ tenantId, runId, runStepId, connectionId, idempotencyKey: runId, action: 'a' },
      ...{ target: 't', state: outcome, finishedAt: finished, createdAt: at },
    });
  });
  // When something was put on record is the database's word; here it is another's.
  await database.owner.query(
    `insert into audit_events (tenant_id, id, created_at, actor_type, actor_id, actor_name, action,
       target_type, target_id, target_name, outcome, request_id)
     values ($1, $2, $3, 'member', $4, 'Ada', 'run.requested', 'run', $5, 'A', 'success', 'r')`,
    [tenantId, auditId(at), at, member, runId],
  );
  entry(tally, at).runs += 1;
  if (begun) entry(tally, begun).steps += 1;
  entry(tally, called).calls += 1;
  if (outcome === 'done') entry(tally, finished).effects += 1;
  entry(tally, at).members.add(member);
}

const expected = (tally: Tally) =>
  [...tally]
    .filter(([key]) => key < hourOf(now))
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([at, { members, ...counts }]) => ({ at, ...counts, members: [...members].toSorted() }));

async function counted(of: World) {
  const rows = await withTenant(of, (tx) => tx.select().from(usageHours).orderBy(usageHours.hour));
  return rows
    .filter(
      (row) => row.runs + row.steps + row.providerCalls + row.effects + row.activeMembers.length,
    )
    .map((row) => ({
      ...{ at: row.hour.toISOString(), runs: row.runs, steps: row.steps },
      ...{
        calls: row.providerCalls,
        effects: row.effects,
        members: [...row.activeMembers].toSorted(),
      },
    }));
}

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
