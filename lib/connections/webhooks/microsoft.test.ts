import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { Relay } from '@/lib/jobs';
import { eventually, runEngine } from '@/lib/jobs/testing/harness';
import type { MemberContext } from '@/lib/tenancy';
import { disconnect } from '..';
import { testMember } from '../testing';
import { providerNotice } from './functions';
import { keepSubscriptions } from './subscriptions';
import { connectMicrosoft } from './testing';
import { testGraph } from './testing/graph';

const email = 'olivia@northwind.example';
/** The digest of `hello`. */
const helloHash = 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ';
const { microsoft, receiver, database, notices, send, ...graph } = testGraph();
const subscription = (id = connectionId) => graph.subscription(id);
let context: MemberContext;
let connectionId: ConnectionId;
let relay: Relay | undefined;

beforeEach(async () => {
  context = await testMember(database);
  connectionId = await connectMicrosoft(context, email);
});
afterEach(async () => {
  await relay?.stop();
  relay = undefined;
});

/** Jobs are carried out from now on. */
async function work() {
  await runEngine([providerNotice]);
  relay = new Relay(50);
  relay.start();
}

const renewalIsDue = () =>
  database.owner.query(`update webhook_subscriptions set renew_at = now() - interval '1 minute'`);
const stateOf = async () => {
  const { rows } = await database.owner.query<{ state: string }>(
    'select state from connections where id = $1',
    [connectionId],
  );
  return rows[0]?.state;
};
/** Have the emulator tell us something about a person's subscriptions. */
const tell = (event: string) =>
  fetch(`${microsoft.url}/__notifications`, {
    method: 'POST',
    body: JSON.stringify({ account: email, event }),
  });
describe('a subscription', () => {
  it('is made for a connection that works, and keeps of its secret only a digest', async () => {
    expect(await keepSubscriptions()).toBe(1);
    const made = await subscription();
    expect(made?.subscription_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(made?.secret_hash).toMatch(/^[\w-]{43}$/);
    expect(receiver.answers).toEqual([200]);
    expect(await keepSubscriptions()).toBe(0);
  });

  it('is renewed at half of its life', async () => {
    await keepSubscriptions();
    const made = await subscription();
    const half = (made?.expires_at.getTime() ?? 0) / 2 + Date.now() / 2;
    expect(Math.abs((made?.renew_at.getTime() ?? 0) - half)).toBeLessThan(5_000);
    await renewalIsDue();
    expect(await keepSubscriptions()).toBe(1);
    const renewed = await subscription();
    expect(renewed?.subscription_id).toBe(made?.subscription_id);
    expect(renewed?.secret_hash).toBe(made?.secret_hash);
    expect(renewed?.renew_at.getTime()).toBeGreaterThan(Date.now());
  });

  it('is made anew when Graph has dropped it', async () => {
    await keepSubscriptions();
    const made = await subscription();
    await database.owner.query(`update webhook_subscriptions set subscription_id = 'gone'`);
    await renewalIsDue();
    await keepSubscriptions();
    const anew = await subscription();
    expect(anew?.subscription_id).not.toBe(made?.subscription_id);
    expect(anew?.secret_hash).not.toBe(made?.secret_hash);
  });

  it('that cannot be made is put off, and keeps nobody else from theirs', async () => {
    microsoft.fault({ path: '/v1.0/subscriptions', status: 400, body: { error: { code: 'x' } } });
    expect(await keepSubscriptions()).toBe(0);
    expect(await stateOf()).toBe('active');
    expect(await subscription()).toMatchObject({ subscription_id: '' });
    expect(await keepSubscriptions()).toBe(0);
    microsoft.clearFaults();
    await renewalIsDue();
    expect(await keepSubscriptions()).toBe(1);
  });

  it('ends with its connection', async () => {
    await keepSubscriptions();
    const id = (await subscription())?.subscription_id;
    microsoft.clearRequests();
    await disconnect(context, connectionId, email);
    expect(await subscription()).toBeUndefined();
    const removed = microsoft.requests({ method: 'DELETE', path: '/v1.0/subscriptions' });
    expect(removed).toMatchObject([{ path: `/v1.0/subscriptions/${id}`, status: 204 }]);
  });
});

describe('what Graph tells', () => {
  beforeEach(async () => {
    await keepSubscriptions();
  });

  it('reauthorizationRequired, with authority intact: another subscription is made next', async () => {
    const before = await subscription();
    await work();
    await tell('reauthorizationRequired');
    await eventually(async () => {
      expect(await notices()).toMatchObject([
        { kind: 'authority_questioned', event: 'reauthorizationRequired', outcome: 'contradicted' },
      ]);
    });
    expect(await stateOf()).toBe('active');
    await keepSubscriptions();
    expect((await subscription())?.subscription_id).not.toBe(before?.subscription_id);
    expect((await subscription())?.secret_hash).not.toBe(before?.secret_hash);
  });

  it('reauthorizationRequired, with consent withdrawn: the connection needs it again', async () => {
    await work();
    microsoft.revoke(email);
    await eventually(async () => {
      expect(await stateOf()).toBe('needs_reconsent');
    });
    await eventually(async () => {
      expect((await notices()).map(({ outcome }) => outcome)).toContain('confirmed');
    });
  });

  it('subscriptionRemoved: another is made, and everything looked through', async () => {
    const before = await subscription();
    await work();
    await tell('subscriptionRemoved');
    await eventually(async () => {
      expect(await notices()).toMatchObject([
        { kind: 'subscription_removed', outcome: 'requested' },
      ]);
    });
    const { rows } = await database.owner.query('select id from discoveries');
    expect(rows).toHaveLength(1);
    await keepSubscriptions();
    expect((await subscription())?.subscription_id).not.toBe(before?.subscription_id);
  });

  it('missed: everything is looked through', async () => {
    await work();
    await tell('missed');
    await eventually(async () => {
      expect(await notices()).toMatchObject([
        { kind: 'subscription_missed', outcome: 'requested' },
      ]);
    });
  });

  it.each(['missed', 'reauthorizationRequired'])(
    '%s, and somebody who has seen it sends it again: it is about nothing of ours any more',
    async (lifecycleEvent) => {
      await database.owner.query('update webhook_subscriptions set secret_hash = $1', [helloHash]);
      const subscriptionId = (await subscription())?.subscription_id ?? '';
      const seen = { value: [{ subscriptionId, clientState: 'hello', lifecycleEvent }] };
      microsoft.clearRequests();
      await work();
      expect((await send(seen)).status).toBe(202);
      await eventually(async () => {
        expect(await notices()).toMatchObject([{ outcome: expect.any(String) }]);
      });
      const removed = microsoft.requests({ method: 'DELETE', path: '/v1.0/subscriptions' });
      expect(removed).toMatchObject([{ path: `/v1.0/subscriptions/${subscriptionId}` }]);
      // The time in which the same words are a repetition is over.
      await database.owner.query('delete from webhook_deliveries');
      expect((await send(seen)).status).toBe(404);
      await keepSubscriptions();
      expect((await send(seen)).status).toBe(404);
      expect(await notices()).toHaveLength(1);
    },
  );

  it('a change is acknowledged and passed over', async () => {
    await tell('deleted');
    await eventually(() => expect(receiver.answers).toContain(202));
    expect(await notices()).toEqual([]);
  });
});

it('Graph’s question whether the address is ours is answered as plain text', async () => {
  const answer = await send('', '?validationToken=Validation%3A%20%3Cb%3E%201');
  expect(answer).toEqual({
    status: 200,
    text: 'Validation: <b> 1',
    type: 'text/plain; charset=utf-8',
  });
});
