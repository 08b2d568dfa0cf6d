import { afterEach, beforeAll, expect, it } from 'vitest';
import { type ConnectionId, poolUsage } from '@/db';
import { testDatabase } from '@/db/testing';
import { Relay } from '@/lib/jobs';
import { eventually, runEngine } from '@/lib/jobs/testing/harness';
import { takeBudget } from '@/lib/limits';
import type { MemberContext } from '@/lib/tenancy';
import { readConnection } from './browse';
import { discoverAgain } from './discovery-request';
import { connectionFunctions } from './functions';
import { connect, testGoogle, testMember } from './testing';

/** One organisation at its limit, and another beside it. */
const accounts = [
  'olivia@northwind.example',
  'victor@northwind.example',
  'vera@fabrikam.example',
  'mika@tailspin.example',
] as const;
const google = testGoogle({
  seed: { amounts: { 'omar@fabrikam.example': { messages: 2, files: 5 } } },
});
const database = testDatabase();
let busy: MemberContext;
let calm: MemberContext;
let calmId: ConnectionId;
let relay: Relay | undefined;

beforeAll(async () => {
  busy = await testMember(database);
  calm = await testMember(database);
  calmId = await connect(calm, 'omar@fabrikam.example');
});
afterEach(() => relay?.stop());

it('a crowd that waits for its budget holds no database connection, and nobody else waits', async () => {
  const id = await connect(busy, accounts[0]);
  const budget = { capacity: 10, perSecond: 10 };
  const take = (context: MemberContext, connection: ConnectionId, units: number) =>
    takeBudget(context, connection, [{ dimension: 'person', budget, units }]);
  await take(busy, id, 10);
  /** Units that were taken, those included that flowed back meanwhile. */
  const taken = async () => {
    const { rows } = await database.owner.query<{ tokens: number; at: Date }>(
      'select tokens, refilled_at as at from provider_budgets where connection_id = $1 and dimension = $2',
      [id, 'person'],
    );
    const [row] = rows;
    if (!row) throw new Error('nothing was taken');
    return (row.at.getTime() / 1_000) * budget.perSecond - row.tokens;
  };
  const before = await taken();
  const crowd = Array.from({ length: 40 }, () => take(busy, id, 1));
  await eventually(async () => {
    expect((await taken()) - before).toBeCloseTo(crowd.length, 0);
  });
  // All of them wait now, the last one for seconds.
  await eventually(() => {
    const usage = poolUsage().find(({ role }) => role === 'app');
    expect(usage).toMatchObject({ waiting: 0, idle: usage?.open });
  });
  const started = performance.now();
  await take(calm, calmId, 1);
  const took = performance.now() - started;
  const last = Promise.all(crowd).then(() => performance.now() - started);
  expect(took).toBeLessThan(await last);
});

it('jobs that a provider has put off hold no place in the engine', async () => {
  const ids: ConnectionId[] = [];
  for (const account of accounts.slice(1)) ids.push(await connect(busy, account));
  for (const account of accounts.slice(1)) {
    google.fault({ path: '/gmail/*', account, status: 429, retryAfter: 600 });
  }
  // Fewer places than there are jobs that wait.
  await runEngine(connectionFunctions, { concurrency: 2 });
  relay = new Relay(50);
  relay.start();
  for (const id of ids) await discoverAgain(busy, id);
  const asleep = () =>
    eventually(async () => {
      const { rows } = await database.owner.query<{ n: number }>(
        `select count(*)::int as n from engine.runs where state = 'active' and wake_at > now() + interval '5 minutes'`,
      );
      expect(rows[0]?.n).toBe(ids.length);
    });
  await asleep();
  await discoverAgain(calm, calmId);
  await eventually(async () =>
    expect((await readConnection(calm, calmId)).discovery?.state).toBe('succeeded'),
  );
  const { rows } = await database.owner.query<{ attempts: number }>(
    `select max(attempt)::int as attempts from engine.runs where state = 'active'`,
  );
  // Put off, not failed: no attempt is used up.
  expect(rows[0]?.attempts).toBe(0);
  expect((await readConnection(busy, ids[0] as ConnectionId)).connection.state).toBe('active');
});
