import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, newId, type TenantContext } from '@/db';
import { testDatabase } from '@/db/testing';
import {
  type Budget,
  demandsOf,
  pauseBudget,
  RetryLater,
  readBudgets,
  slowBudget,
  takeBudget,
} from '.';

const database = testDatabase();
/** Nothing flows back while a test runs, however long that takes: only what `elapse` lets go by. */
const slow: Budget = { capacity: 10, perSecond: 0.001 };
/** Seconds in which one unit of it flows back. */
const unit = 1_000;
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

const demand = (units: number, budget = slow, dimension = 'person') => ({
  dimension,
  budget,
  units,
});
const take = (units: number, budget = slow, dimension = 'person') =>
  takeBudget(tenant, connectionId, [demand(units, budget, dimension)]);
const pause = (seconds: number) => pauseBudget(tenant, connectionId, demand(0), seconds);
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
       paused_until = paused_until - make_interval(secs => $2),
       slowed_until = slowed_until - make_interval(secs => $2) where connection_id = $1`,
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
    await elapse(6 * unit);
    await take(5);
    expect(await tokens()).toBe(1);
  });

  it('never holds more than its capacity', async () => {
    await take(1);
    await elapse(3_600 * unit);
    await take(1);
    expect(await tokens()).toBe(9);
  });

  it('keeps fractions between takes', async () => {
    await take(10);
    await elapse(1.5 * unit);
    await take(1);
    await elapse(1.5 * unit);
    await take(2);
    expect(await tokens()).toBe(0);
  });

  it('asks to come back later when the wait is long, and takes nothing', async () => {
    await take(10);
    const refusal = await take(9).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RetryLater);
    expect(refusal).toMatchObject({ seconds: 9 * unit });
    expect(await tokens()).toBe(0);
  });

  it('is spent in advance for a short wait', async () => {
    const quick: Budget = { capacity: 10, perSecond: 100 };
    const started = performance.now();
    await take(10, quick);
    await take(20, quick);
    expect(performance.now() - started).toBeGreaterThan(150);
  });

  it('gives out no more than it holds to many takers at once', async () => {
    const scarce: Budget = { capacity: 10, perSecond: 1 };
    const started = performance.now();
    const takers = Array.from({ length: 40 }, () =>
      take(1, scarce).then(
        () => 'taken',
        () => 'refused',
      ),
    );
    const decided = Promise.all(
      takers.map(async (taker) => ((await taker) === 'refused' ? performance.now() - started : 0)),
    );
    const taken = (await Promise.all(takers)).filter((result) => result === 'taken').length;
    // Ten at once, five in advance of what flows back within the longest wait, and what flowed back
    // until the last one was told.
    const flowed = Math.max(...(await decided)) / 1_000;
    expect(taken).toBeGreaterThanOrEqual(15);
    expect(taken).toBeLessThanOrEqual(16 + flowed);
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
  /** Less what the test itself took. */
  const aboutAMinute = expect.toSatisfy((seconds: number) => seconds > 30 && seconds <= 60);

  it('stops everybody until it is over', async () => {
    await pause(60);
    await expect(take(1)).rejects.toMatchObject({ name: 'RetryLater', seconds: aboutAMinute });
    await elapse(61);
    await take(1);
  });

  it('is not shortened by a later, shorter one', async () => {
    await pause(60);
    await pause(1);
    await expect(take(1)).rejects.toMatchObject({ seconds: aboutAMinute });
  });
});

describe('a budget of several dimensions', () => {
  it('is used up in one of them without touching the others', async () => {
    await take(10, slow, 'mailbox:ada');
    await expect(take(9, slow, 'mailbox:ada')).rejects.toBeInstanceOf(RetryLater);
    await take(9, slow, 'mailbox:bob');
  });

  it('takes from all of them or from none', async () => {
    await take(10, slow, 'channel:c1');
    const both = [demand(9, slow, 'channel:c1'), demand(1, slow, 'a-first')];
    await expect(takeBudget(tenant, connectionId, both)).rejects.toBeInstanceOf(RetryLater);
    const { rows } = await database.owner.query(
      'select dimension from provider_budgets where connection_id = $1',
      [connectionId],
    );
    expect(rows).toEqual([{ dimension: 'channel:c1' }]);
  });
});

describe("a provider's warning", () => {
  it('halves the pace for a minute', async () => {
    const minutely: Budget = { capacity: 10, perSecond: 1 };
    await slowBudget(tenant, connectionId, demand(0));
    await take(10, minutely);
    await elapse(6);
    await take(3, minutely);
    // Three came back by then, and one more for every two seconds of the test's own.
    expect(await tokens()).toBeLessThan(3);
    await elapse(60);
    await take(1, minutely);
    expect(await tokens()).toBe(9);
  });
});

describe('what is left', () => {
  it('is shown with the shortest first, with pauses and warnings', async () => {
    const person = { capacity: 3_000, perSecond: 50 };
    const started = performance.now();
    await take(600, person, 'person:ada@example.com');
    await take(1, { capacity: 1_200, perSecond: 20 }, 'directory');
    await pauseBudget(tenant, connectionId, demand(0, person, 'person'), 60);
    await slowBudget(tenant, connectionId, demand(0, person, 'directory'));
    const views = await readBudgets(tenant, connectionId, 'google');
    expect(views).toMatchObject([
      { which: null, pausedUntil: expect.any(String), capacity: 3_000 },
      { which: 'ada@example.com', pausedUntil: null, perMinute: 3_000, slowed: false },
      { title: 'Directory', slowed: true },
    ]);
    expect(views[1]?.left).toBeGreaterThanOrEqual(2_400);
    const sinceThen = (performance.now() - started) / 1_000;
    expect(views[1]?.left).toBeLessThanOrEqual(2_400 + person.perSecond * sinceThen);
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
  ])('at Google of %s %s is %i', (method, path, units) => {
    expect(demandsOf('google', { method, path })).toMatchObject([{ dimension: 'person', units }]);
  });

  it('at Google is the person’s for whom the call is made', () => {
    const call = { method: 'GET', path: '/gmail/v1/users/me/labels', subject: 'ada@example.com' };
    expect(demandsOf('google', call)).toMatchObject([{ dimension: 'person:ada@example.com' }]);
    const directory = { ...call, path: '/admin/directory/v1/users' };
    expect(demandsOf('google', directory)).toMatchObject([{ dimension: 'directory' }]);
  });

  it.each([
    ['GET', '/v1.0/me/messages', 'mailbox', 1],
    [
      'GET',
      '/v1.0/users/Ada%40Example.com/mailFolders/inbox/messages',
      'mailbox:ada@example.com',
      1,
    ],
    ['POST', '/v1.0/users/u1/sendMail', 'mailbox:u1', 1],
    ['POST', '/v1.0/users/u1/calendars/c1/events', 'mailbox:u1', 1],
    ['GET', '/v1.0/users', 'directory', 2],
    ['GET', '/v1.0/users/u1', 'directory', 1],
    ['GET', '/v1.0/users/u1/drive/root', 'files', 1],
    ['GET', '/v1.0/drives/d1/root/delta', 'files', 1],
    ['POST', '/v1.0/teams/t1/channels/c1/messages', 'teams', 1],
    ['POST', '/v1.0/subscriptions', 'other', 1],
  ])('at Microsoft of %s %s is taken from %s', (method, path, dimension, units) => {
    const demands = demandsOf('microsoft', { method, path });
    expect(demands).toMatchObject([{ dimension, units }]);
    expect(demands[0]?.atOnce).toBe(dimension.startsWith('mailbox') ? 4 : undefined);
  });

  it.each([
    ['/api/conversations.list', ['tier2:conversations.list']],
    ['/api/users.info', ['tier4:users.info']],
    ['/api/unheard.of', ['tier2:unheard.of']],
    ['/api/chat.postMessage', ['channel:C1', 'messages']],
  ])('at Slack of %s is by method, and by channel for a message', (path, dimensions) => {
    for (const body of ['channel=C1&text=Hi', '{"channel":"C1","text":"Hi"}']) {
      const demands = demandsOf('slack', { method: 'POST', path, body });
      expect(demands.map(({ dimension }) => dimension)).toEqual(dimensions);
    }
  });
});
