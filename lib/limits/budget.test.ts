import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, newId, type TenantContext } from '@/db';
import { testDatabase } from '@/db/testing';
import { type Budget, costOf, pauseBudget, RetryLater, takeBudget } from '.';

const database = testDatabase();
const slow: Budget = { capacity: 10, perSecond: 1 };
let tenant: TenantContext;
let connectionId: ConnectionId;

beforeAll(async () => {
  tenant = await database.createTenant();
});
beforeEach(async () => {
  connectionId = newId<ConnectionId>();
  await database.owner.query(
    `insert into connections (tenant_id, id, provider, created_by) values ($1, $2, 'google', $3)`,
    [tenant.tenantId, connectionId, newId()],
  );
});

const take = (cost: number, budget = slow) => takeBudget(tenant, connectionId, budget, cost);
async function tokens(): Promise<number> {
  const { rows } = await database.owner.query<{ tokens: number }>(
    'select tokens from provider_budgets where connection_id = $1',
    [connectionId],
  );
  return rows[0]?.tokens ?? Number.NaN;
}
/** As if so many seconds had gone by. */
const elapse = (seconds: number) =>
  database.owner.query(
    `update provider_budgets set refilled_at = refilled_at - make_interval(secs => $2),
       paused_until = paused_until - make_interval(secs => $2) where connection_id = $1`,
    [connectionId, seconds],
  );

describe('a budget', () => {
  it('is full at first and shrinks by what is taken', async () => {
    await take(4);
    await take(4);
    expect(await tokens()).toBe(2);
  });

  it('flows back by the second', async () => {
    await take(10);
    await elapse(6);
    await take(5);
    expect(await tokens()).toBe(1);
  });

  it('never holds more than its capacity', async () => {
    await take(1);
    await elapse(3_600);
    await take(1);
    expect(await tokens()).toBe(9);
  });

  it('keeps fractions between takes', async () => {
    await take(10);
    await elapse(1.5);
    await take(1);
    await elapse(1.5);
    await take(2);
    expect(await tokens()).toBe(0);
  });

  it('asks to come back later when the wait is long, and takes nothing', async () => {
    await take(10);
    const refusal = await take(9).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RetryLater);
    expect(refusal).toMatchObject({ seconds: 9 });
    expect(await tokens()).toBe(0);
  });

  it('is spent in advance for a short wait', async () => {
    const quick: Budget = { capacity: 10, perSecond: 100 };
    await take(10, quick);
    const started = performance.now();
    await take(20, quick);
    expect(performance.now() - started).toBeGreaterThan(150);
  });

  it('gives out no more than it holds to many takers at once', async () => {
    const takers = Array.from({ length: 40 }, () =>
      take(1).then(
        () => 'taken',
        () => 'refused',
      ),
    );
    const results = await Promise.all(takers);
    // Ten at once, and the few that flow back within the longest wait.
    const taken = results.filter((result) => result === 'taken').length;
    expect(taken).toBeGreaterThanOrEqual(15);
    expect(taken).toBeLessThanOrEqual(17);
  });

  it('of one connection leaves another alone', async () => {
    await take(10);
    const first = connectionId;
    connectionId = newId<ConnectionId>();
    await database.owner.query(
      `insert into connections (tenant_id, id, provider, created_by) values ($1, $2, 'google', $3)`,
      [tenant.tenantId, connectionId, newId()],
    );
    await take(10);
    expect(connectionId).not.toBe(first);
  });
});

describe("a provider's pause", () => {
  it('stops everybody until it is over', async () => {
    await pauseBudget(tenant, connectionId, slow, 60);
    await expect(take(1)).rejects.toMatchObject({ name: 'RetryLater', seconds: 60 });
    await elapse(61);
    await take(1);
  });

  it('is not shortened by a later, shorter one', async () => {
    await pauseBudget(tenant, connectionId, slow, 60);
    await pauseBudget(tenant, connectionId, slow, 1);
    await expect(take(1)).rejects.toMatchObject({ seconds: 60 });
  });
});

describe('the price of a call', () => {
  it.each([
    ['POST', '/gmail/v1/users/me/messages/send', 100],
    ['GET', '/gmail/v1/users/me/messages/18c', 5],
    ['POST', '/gmail/v1/users/me/messages/18c/modify', 5],
    ['GET', '/gmail/v1/users/me/labels', 1],
    ['POST', '/gmail/v1/users/me/labels', 5],
    ['GET', '/drive/v3/files', 2],
    ['GET', '/calendar/v3/users/me/calendarList', 10],
    ['GET', '/elsewhere', 1],
  ])('%s %s is %i', (method, path, units) => {
    expect(costOf('google', method, path)).toBe(units);
  });
});
