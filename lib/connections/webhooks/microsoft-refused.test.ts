import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import type { MemberContext } from '@/lib/tenancy';
import { testMember } from '../testing';
import { keepSubscriptions } from './subscriptions';
import { connectMicrosoft } from './testing';
import { testGraph } from './testing/graph';

/** The digest of `hello`. */
const helloHash = 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ';
const { database, subscription, notices, send } = testGraph();
let context: MemberContext;
let connectionId: ConnectionId;

beforeEach(async () => {
  context = await testMember(database);
  connectionId = await connectMicrosoft(context, 'olivia@northwind.example');
});

const forgeries = async () => {
  const { rows } = await database.owner.query<{ tenant_id: string }>(
    `select tenant_id from tenant_access_logs where reason = 'forged_notice'`,
  );
  return rows;
};

describe('is refused', () => {
  const lifecycle = (subscriptionId: string, clientState?: string) => ({
    value: [{ subscriptionId, clientState, lifecycleEvent: 'missed' }],
  });

  it('a subscription that is not ours, with the same word as one without its secret', async () => {
    await keepSubscriptions();
    const id = (await subscription(connectionId))?.subscription_id ?? '';
    const unknown = await send(lifecycle('11111111-1111-4111-8111-111111111111', 'guess'));
    const forged = await send(lifecycle(id, 'guess'));
    const bare = await send(lifecycle(id));
    expect(unknown.status).toBe(404);
    expect(forged).toEqual(unknown);
    expect(bare).toEqual(unknown);
    expect(await notices()).toEqual([]);
    expect(new Set((await forgeries()).map(({ tenant_id }) => tenant_id))).toEqual(
      new Set([context.tenantId]),
    );
  });

  it('one tenant’s secret for another tenant’s subscription', async () => {
    const other = await testMember(database);
    const theirs = await connectMicrosoft(other, 'omar@fabrikam.example');
    await keepSubscriptions();
    const [mine, foreign] = [await subscription(connectionId), await subscription(theirs)];
    await database.owner.query(
      `update webhook_subscriptions set secret_hash = $1 where connection_id = $2`,
      [helloHash, connectionId],
    );
    // It is mine and not theirs.
    const sent = (id: string | undefined) => send(lifecycle(id ?? '', 'hello'));
    expect((await sent(foreign?.subscription_id)).status).toBe(404);
    expect((await sent(mine?.subscription_id)).status).toBe(202);
    expect((await notices()).map(({ tenant_id }) => tenant_id)).toEqual([context.tenantId]);
    expect(await forgeries()).toMatchObject([{ tenant_id: other.tenantId }]);
  });

  it('with another word after many refusals, which keep nothing genuine out', async () => {
    await keepSubscriptions();
    await database.owner.query('update webhook_subscriptions set secret_hash = $1', [helloHash]);
    const id = (await subscription(connectionId))?.subscription_id ?? '';
    const statuses = new Set<number>();
    for (let sent = 0; sent < 62; sent += 1) {
      statuses.add((await send(lifecycle(id, 'guess'))).status);
    }
    expect(statuses).toEqual(new Set([404, 429]));
    expect((await forgeries()).length).toBeLessThanOrEqual(60);
    // A stranger can have Graph itself send what is not ours, from the addresses of what is.
    expect((await send(lifecycle(id, 'hello'))).status).toBe(202);
    expect(await notices()).toHaveLength(1);
  });

  it('what is not ours, beside what is', async () => {
    await keepSubscriptions();
    await database.owner.query('update webhook_subscriptions set secret_hash = $1', [helloHash]);
    const id = (await subscription(connectionId))?.subscription_id ?? '';
    const strangers = Array.from({ length: 99 }, (_, index) => ({
      ...{ subscriptionId: `stranger-${index}`, clientState: 'x', lifecycleEvent: 'missed' },
    }));
    const value = [...strangers, ...lifecycle(id, 'hello').value];
    expect((await send({ value })).status).toBe(202);
    expect(await notices()).toHaveLength(1);
    expect((await send({ value: [...value, ...strangers] })).status).toBe(400);
  });

  it.each([
    ['no JSON', 'value=1', 400],
    ['no notice', '{"value":[]}', 400],
    ['a large body', `{"value":"${'x'.repeat(300_000)}"}`, 413],
  ])('%s', async (_name, body, status) => {
    expect((await send(body)).status).toBe(status);
  });
});
