import { createHmac, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import { Relay } from '@/lib/jobs';
import { eventually, runEngine } from '@/lib/jobs/testing/harness';
import type { MemberContext } from '@/lib/tenancy';
import { testMember } from '../testing';
import { providerNotice } from './functions';
import { receiveSlackEvent } from './slack';
import { connectSlack, testReceiver, testSlack } from './testing';

const slack = testSlack();
const receiver = testReceiver(receiveSlackEvent);
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;
let relay: Relay | undefined;

beforeEach(async () => {
  slack.clearFaults();
  await database.owner.query('delete from connections');
  await database.owner.query('delete from webhook_deliveries');
  await database.owner.query('delete from rate_limits');
  context = await testMember(database);
  connectionId = await connectSlack(context, slack, receiver.url);
  receiver.answers.length = 0;
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

const signingSecret = 'tenantry-demo-signing-secret';

interface Sent {
  readonly body: object | string;
  readonly secret?: string;
  /** Seconds since the epoch. */
  readonly at?: number;
  readonly signed?: string;
}

async function send({ body, secret = signingSecret, at, signed }: Sent) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const timestamp = String(at ?? Math.floor(Date.now() / 1_000));
  const digest = createHmac('sha256', secret)
    .update(`v0:${timestamp}:${signed ?? text}`)
    .digest('hex');
  const answer = await fetch(receiver.url, {
    method: 'POST',
    headers: { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` },
    body: text,
  });
  return { status: answer.status, text: await answer.text() };
}

async function teamId(): Promise<string> {
  const { rows } = await database.owner.query<{ team: string }>(
    'select provider_tenant as team from connections where id = $1',
    [connectionId],
  );
  return rows[0]?.team ?? '';
}

async function event(inner: object, id = `Ev${randomUUID().slice(0, 8).toUpperCase()}`) {
  const team_id = await teamId();
  return { type: 'event_callback', team_id, event_id: id, event_time: 1, event: inner };
}
const uninstalled = { type: 'app_uninstalled' };

async function stateOf(id: ConnectionId) {
  const { rows } = await database.owner.query<{ state: string; reason: string | null }>(
    'select state, state_reason as reason from connections where id = $1',
    [id],
  );
  return rows[0];
}
async function notices() {
  const { rows } = await database.owner.query<Record<string, string>>(
    `select tenant_id, kind, event, outcome from provider_notices order by id`,
  );
  return rows;
}
const jobsOf = async ({ tenantId }: MemberContext) => {
  const { rows } = await database.owner.query(
    `select id from jobs where kind = 'provider/notice' and tenant_id = $1`,
    [tenantId],
  );
  return rows.length;
};

describe('what Slack sends by itself', () => {
  it('when its tokens are revoked: the connection needs consent again', async () => {
    await work();
    slack.revoke('northwind');
    await eventually(async () => {
      expect(await stateOf(connectionId)).toMatchObject({ state: 'needs_reconsent' });
    });
    await eventually(async () => {
      expect(await notices()).toMatchObject([
        { kind: 'authority_questioned', event: 'tokens_revoked', outcome: 'confirmed' },
      ]);
    });
    expect(receiver.answers).toEqual([200]);
  });

  it('when the app is uninstalled: the connection is disconnected and its tokens are gone', async () => {
    await work();
    await slack.act('uninstall', 'northwind');
    await eventually(async () => {
      expect(await stateOf(connectionId)).toMatchObject({
        state: 'disconnected',
        reason: expect.stringContaining('removed Tenantry from the workspace'),
      });
    });
    const { rows } = await database.owner.query('select id from credentials');
    expect(rows).toEqual([]);
    const { rows: incidents } = await database.owner.query(
      'select kind, reason from connection_incidents where ended_at is null',
    );
    expect(incidents).toMatchObject([
      { kind: 'needs_reconsent', reason: expect.stringContaining('removed Tenantry') },
    ]);
  });

  it('reaches every tenant that connected the workspace, and no other', async () => {
    const sibling = await testMember(database);
    const stranger = await testMember(database);
    const theirs = await connectSlack(sibling, slack, receiver.url);
    const elsewhere = await connectSlack(stranger, slack, receiver.url, 'fabrikam');
    await work();
    await slack.act('uninstall', 'northwind');
    await eventually(async () => {
      expect(await stateOf(connectionId)).toMatchObject({ state: 'disconnected' });
      expect(await stateOf(theirs)).toMatchObject({ state: 'disconnected' });
    });
    expect(await stateOf(elsewhere)).toMatchObject({ state: 'active' });
    const tenants = new Set((await notices()).map(({ tenant_id }) => tenant_id));
    expect(tenants).toEqual(new Set([context.tenantId, sibling.tenantId]));
  });
});

describe('a notice alone decides nothing', () => {
  it('about an earlier installation leaves a working connection as it is', async () => {
    await work();
    expect((await send({ body: await event(uninstalled) })).status).toBe(200);
    await eventually(async () => {
      expect(await notices()).toMatchObject([{ kind: 'uninstalled', outcome: 'contradicted' }]);
    });
    expect(await stateOf(connectionId)).toMatchObject({ state: 'active' });
  });

  it('about tokens of people, which we have none of, is passed over', async () => {
    const tokens = { oauth: ['U123'], bot: [] };
    expect((await send({ body: await event({ type: 'tokens_revoked', tokens }) })).status).toBe(
      200,
    );
    expect(await notices()).toEqual([]);
  });

  it('of a kind that nobody asked for is passed over', async () => {
    expect((await send({ body: await event({ type: 'team_join' }) })).status).toBe(200);
    expect(await notices()).toEqual([]);
  });

  it('names a workspace that nobody connected: nothing happens', async () => {
    const body = { ...(await event(uninstalled)), team_id: 'T0NOBODY' };
    expect((await send({ body })).status).toBe(200);
    expect(await notices()).toEqual([]);
  });

  it('never takes a tenant from what was sent', async () => {
    const other = await testMember(database);
    const body = {
      ...(await event(uninstalled)),
      team_id: 'T0NOBODY',
      tenant_id: other.tenantId,
      tenantId: other.tenantId,
    };
    expect((await send({ body })).status).toBe(200);
    expect(await jobsOf(other)).toBe(0);
    expect(await jobsOf(context)).toBe(0);
  });
});

describe('is refused', () => {
  it.each([
    ['with another secret', { secret: 'guessed' }, 401],
    ['changed on the way', { signed: '{"type":"event_callback"}' }, 401],
    ['six minutes late', { at: Math.floor(Date.now() / 1_000) - 360 }, 401],
  ] as const)('%s', async (_name, change, status) => {
    expect((await send({ body: await event(uninstalled), ...change })).status).toBe(status);
    expect(await notices()).toEqual([]);
  });

  it.each([
    ['no JSON', 'payload=%7B%7D'],
    ['no event', '{"type":"event_callback"}'],
    ['nothing', ''],
  ])('signed, but %s', async (_name, body) => {
    expect((await send({ body })).status).toBe(400);
  });

  it('a body of any size beyond what Slack sends', async () => {
    expect((await send({ body: `{"a":"${'x'.repeat(300_000)}"}` })).status).toBe(413);
  });

  it('sent a second time, word for word', async () => {
    const sent = { body: await event(uninstalled), at: Math.floor(Date.now() / 1_000) };
    expect((await send(sent)).status).toBe(200);
    expect((await send(sent)).status).toBe(409);
    expect(await notices()).toHaveLength(1);
  });

  it('with another word after many refusals, which keep nothing genuine out', async () => {
    const body = await event(uninstalled);
    const statuses = new Set<number>();
    for (let sent = 0; sent < 62; sent += 1) {
      statuses.add((await send({ body, secret: 'guessed' })).status);
    }
    expect(statuses).toEqual(new Set([401, 429]));
    expect((await send({ body })).status).toBe(200);
    expect(await notices()).toHaveLength(1);
  });
});

describe('Slack’s own repetition', () => {
  it('of what we have taken in is acknowledged, and done once', async () => {
    const body = await event(uninstalled);
    const now = Math.floor(Date.now() / 1_000);
    expect((await send({ body, at: now - 60 })).status).toBe(200);
    expect((await send({ body, at: now })).status).toBe(200);
    expect(await notices()).toHaveLength(1);
  });

  it('of what was cut short is taken in', async () => {
    const body = await event(uninstalled);
    await database.owner.query(
      `insert into webhook_deliveries (key, expires_at) values ($1, now() + interval '1 hour')`,
      [`slack/event/${body.event_id}`],
    );
    expect((await send({ body })).status).toBe(200);
    expect(await notices()).toHaveLength(1);
  });
});

it('Slack’s question whether the address is ours is answered', async () => {
  const answer = await send({ body: { type: 'url_verification', challenge: '3eZbrw1a' } });
  expect(answer).toEqual({ status: 200, text: '{"challenge":"3eZbrw1a"}' });
});
