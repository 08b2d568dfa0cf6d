import { afterEach, beforeAll, beforeEach, vi } from 'vitest';
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
import { firstIdAt } from '../id-time';

/** Milliseconds. */
export const hour = 3_600_000;
const begun = Date.now();
/** A while after the running hour began. */
export const now = new Date(Math.floor(begun / hour) * hour + 20 * 60_000);

/** A tenant to whom things happen. */
export interface World extends TenantContext {
  readonly userId: UserId;
  readonly connectionId: ConnectionId;
  readonly automationId: AutomationId;
}

/** Numbers that look random and are the same each time (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What was written, by hours, to be held against what was counted. */
export type Tally = Map<
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

/** What is to have been counted of it: the hours that are over. */
export const expected = (tally: Tally) =>
  [...tally]
    .filter(([key]) => key < hourOf(now))
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([at, { members, ...counts }]) => ({ at, ...counts, members: [...members].toSorted() }));

/** What was counted of a tenant. */
export async function counted(of: World) {
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

/** A database in which tenants are made, and things happen to them. */
export function usageWorld() {
  const database = testDatabase();
  beforeAll(() => holdTestKey());
  // The running hour is the same one for all that looks at the clock, however long that takes.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: begun }));
  afterEach(() => void vi.useRealTimers());

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
        ...{
          tenantId,
          connectionId,
          runId,
          method: 'GET',
          path: '/',
          outcome: 'ok',
          durationMs: 1,
        },
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

  return { database, world, happen };
}
