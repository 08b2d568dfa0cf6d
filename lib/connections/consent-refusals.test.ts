import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConnectionId, newId, type UserId } from '@/db';
import { testDatabase } from '@/db/testing';
import { finishConsent } from './consent-finish';
import { memberParty } from './consent-party';
import { startConsent } from './consent-start';
import { disconnect } from './disconnect';
import { answerConsentPage, testGoogle, testMember } from './testing';
import { Flows } from './testing/consent';

vi.stubEnv('AUTH_SECRET', 'a secret for these tests alone, 32+');
const olivia = 'olivia@northwind.example';
const victor = 'victor@northwind.example';
const few = { messages: 2, files: 2 };
const google = testGoogle({ seed: { amounts: { [olivia]: few, [victor]: few } } });
const database = testDatabase();
let flows: Flows;

beforeAll(async () => {
  flows = new Flows(database, await testMember(database));
});
beforeEach(async () => {
  google.clearFaults();
  await flows.reset();
});

describe('a consent that is not given', () => {
  it('leaves the connection pending and says why', async () => {
    const flow = await flows.start();
    expect(await flows.consent(flow, 'deny')).toEqual({
      outcome: 'denied',
      connectionId: flow.connectionId,
      denied: false,
    });
    expect(await flows.connection(flow.connectionId)).toMatchObject({
      state: 'pending',
      state_reason: expect.stringContaining('not granted'),
    });
    expect(await flows.record()).toEqual(['connection.requested', 'connection.consent_failed']);
  });

  it('because the administrator forbids it says so', async () => {
    const flow = await flows.start();
    const state = new URL(flow.url).searchParams.get('state') ?? '';
    const back = new URL(`http://x/?error=admin_policy_enforced&state=${state}`);
    expect((await flows.comeBack(flow, back)).outcome).toBe('blocked');
  });

  it.each([
    ['answers 500', { path: '/token', status: 500, body: 'oops' }],
    ['answers garbage', { path: '/token', status: 200, body: '<html>' }],
    ['answers half of what it should', { path: '/token', status: 200, body: { scope: 'x' } }],
    ['cuts the connection', { path: '/token', reset: true }],
    ['does not know the account', { path: '/v1/userinfo', status: 200, body: {} }],
  ])('because the provider %s says so, and can be tried again', async (_what, fault) => {
    const flow = await flows.start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    google.fault(fault);
    expect((await flows.comeBack(flow, back)).outcome).toBe('provider_failed');
    expect(await flows.connection(flow.connectionId)).toMatchObject({ state: 'pending' });
    google.clearFaults();
    expect((await flows.consent(await flows.start(), { email: olivia })).outcome).toBe('connected');
  });

  it('without a code is not taken for one', async () => {
    const flow = await flows.start();
    const state = new URL(flow.url).searchParams.get('state') ?? '';
    const back = new URL(`http://x/?state=${state}`);
    expect((await flows.comeBack(flow, back)).outcome).toBe('provider_failed');
  });
});

describe('a flow that is not one’s own', () => {
  const foreign = { outcome: 'foreign', connectionId: null, denied: true };

  it('with an unknown state is refused', async () => {
    const flow = await flows.start();
    expect(await flows.comeBack(flow, new URL('http://x/?code=c&state=unknown'))).toEqual(foreign);
  });

  it('without a state is refused', async () => {
    const flow = await flows.start();
    expect(await flows.comeBack(flow, new URL('http://x/?code=c'))).toEqual(foreign);
  });

  it('in another browser is refused, and still open to its own', async () => {
    const flow = await flows.start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    expect(await flows.comeBack(flow, back, flows.context, () => undefined)).toEqual(foreign);
    expect(await flows.comeBack(flow, back, flows.context, () => 'guessed')).toEqual(foreign);
    expect((await flows.comeBack(flow, back)).outcome).toBe('connected');
  });

  it('of another member of the same organisation is refused', async () => {
    const flow = await flows.start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    const colleague = { ...flows.context, userId: newId<UserId>() };
    expect(await flows.comeBack(flow, back, colleague)).toEqual(foreign);
  });

  it('through another provider’s callback is refused, and still open', async () => {
    const flow = await flows.start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    const { code, state } = Object.fromEntries(back.searchParams);
    const cookie = (name: string) => (name === flow.cookie.name ? flow.cookie.value : undefined);
    for (const provider of ['microsoft', 'slack'] as const) {
      expect(
        await finishConsent(memberParty(flows.context), { provider, code, state }, cookie),
      ).toEqual(foreign);
    }
    expect((await flows.comeBack(flow, back)).outcome).toBe('connected');
  });

  it('of another organisation is refused', async () => {
    const flow = await flows.start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    expect(await flows.comeBack(flow, back, await testMember(database))).toEqual(foreign);
    expect(await flows.count('credentials')).toBe(0);
  });

  it('with an account that has a connection of its own leaves both as they were', async () => {
    const first = await flows.consent(await flows.start(), { email: olivia });
    const second = await flows.consent(await flows.start(), { email: victor });
    const flow = await flows.reconnect(first.connectionId);
    expect(await flows.consent(flow, { email: victor })).toMatchObject({
      outcome: 'other_account',
      connectionId: first.connectionId,
    });
    for (const [{ connectionId }, account_email] of [
      [first, olivia],
      [second, victor],
    ] as const) {
      expect(await flows.connection(connectionId)).toMatchObject({
        ...{ state: 'active', account_email, generation: 1 },
      });
    }
  });

  it('with an account that has moved to another organisation is refused', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    await database.owner.query(`update connections set provider_tenant = 'elsewhere.example'`);
    const flow = await flows.reconnect(connectionId);
    expect((await flows.consent(flow, { email: olivia })).outcome).toBe('other_organisation');
    expect(await flows.connection(connectionId)).toMatchObject({ generation: 1 });
  });

  it('to renew another organisation’s connection cannot be begun', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    const stranger = await testMember(database);
    const attempt = startConsent(stranger, { connectionId: connectionId as ConnectionId });
    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a flow that is over', () => {
  const claimed = async () => {
    const query = 'select count(used_at)::int as n from consent_requests';
    return (await database.owner.query<{ n: number }>(query)).rows[0]?.n;
  };

  it('cannot be used a second time', async () => {
    const flow = await flows.start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    await flows.comeBack(flow, back);
    expect(await flows.comeBack(flow, back)).toEqual({
      outcome: 'reused',
      connectionId: flow.connectionId,
      denied: false,
    });
    expect(await flows.connection(flow.connectionId)).toMatchObject({ generation: 1 });
  });

  it('is used once by two that come back at the same time', async () => {
    const flow = await flows.start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    const both = await Promise.all([flows.comeBack(flow, back), flows.comeBack(flow, back)]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['connected', 'reused']);
  });

  it('was begun before its connection was disconnected, and does not bring it back', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    const flow = await flows.reconnect(connectionId);
    const back = await answerConsentPage(flow.url, { email: olivia });
    await disconnect(flows.context, connectionId as ConnectionId, olivia);
    expect((await flows.comeBack(flow, back)).outcome).toBe('ended');
    expect(await flows.connection(connectionId)).toMatchObject({ state: 'disconnected' });
    const anew = await flows.consent(await flows.reconnect(connectionId), { email: olivia });
    expect(anew.outcome).toBe('connected');
  });

  it('whose connection was discarded in another tab has ended, and is nobody’s trespass', async () => {
    const flow = await flows.start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    await disconnect(flows.context, flow.connectionId, 'Google Workspace');
    const ended = { outcome: 'ended', connectionId: null, denied: false };
    expect(await flows.comeBack(flow, back)).toEqual(ended);
    const foreign = { outcome: 'foreign', connectionId: null, denied: true };
    expect(await flows.comeBack(flow, back, await testMember(database))).toEqual(foreign);
    const colleague = { ...flows.context, userId: newId<UserId>() };
    expect(await flows.comeBack(flow, back, colleague)).toEqual(foreign);
    const forged = () => flow.cookie.value.slice(0, 43).padEnd(86, 'A');
    expect(await flows.comeBack(flow, back, flows.context, forged)).toEqual(foreign);
  });

  it('is overtaken by a disconnection while its code is exchanged', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    const flow = await flows.reconnect(connectionId);
    const back = await answerConsentPage(flow.url, { email: olivia });
    google.fault({ path: '/v1/userinfo', delay: 15_000 });
    const coming = flows.comeBack(flow, back);
    await expect.poll(claimed).toBe(2);
    await database.owner.query(`update connections set state = 'disconnected'`);
    google.clearFaults();
    expect((await coming).outcome).toBe('ended');
    expect(await flows.connection(connectionId)).toMatchObject({
      ...{ state: 'disconnected', generation: 1 },
    });
  });

  it('is overtaken by a discarded connection while its code is exchanged', async () => {
    const flow = await flows.start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    google.fault({ path: '/v1/userinfo', delay: 15_000 });
    const coming = flows.comeBack(flow, back);
    await expect.poll(claimed).toBe(1);
    await disconnect(flows.context, flow.connectionId, 'Google Workspace');
    google.clearFaults();
    expect(await coming).toEqual({ outcome: 'ended', connectionId: null, denied: false });
  });

  it('has expired after ten minutes, which its browser outlives and can tell', async () => {
    const flow = await flows.start();
    expect(flow.cookie.options.maxAge).toBeGreaterThan(600);
    const back = await answerConsentPage(flow.url, { email: olivia });
    await database.owner.query(`update consent_requests set expires_at = now()`);
    expect((await flows.comeBack(flow, back)).outcome).toBe('expired');
    expect(await flows.count('credentials')).toBe(0);
  });
});
