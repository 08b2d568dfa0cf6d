import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, newId, type UserId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { type FinishedConsent, finishConsent } from './consent-finish';
import { type StartedConsent, startConsent } from './consent-start';
import { disconnect } from './disconnect';
import { answerConsentPage, testGoogle, testMember } from './testing';

const olivia = 'olivia@northwind.example';
const victor = 'victor@northwind.example';
const few = { messages: 2, files: 2 };
const google = testGoogle({ seed: { amounts: { [olivia]: few, [victor]: few } } });
const database = testDatabase();
let context: MemberContext;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  google.clearFaults();
  await database.owner.query('delete from connections');
  await database.owner.query('truncate audit_events');
});

const start = (who = context) => startConsent(who, { provider: 'google' });
const reconnect = (connectionId: ConnectionId) => startConsent(context, { connectionId });

/** The browser that began a flow, coming back. */
const browserOf =
  ({ cookie }: StartedConsent) =>
  (name: string) =>
    name === cookie.name ? cookie.value : undefined;

function comeBack(
  flow: StartedConsent,
  back: URL,
  who: MemberContext = context,
  cookies = browserOf(flow),
): Promise<FinishedConsent> {
  const { code, state, error } = Object.fromEntries(back.searchParams);
  return finishConsent(who, { provider: 'google', code, state, error }, cookies);
}
async function consent(
  flow: StartedConsent,
  answer: Parameters<typeof answerConsentPage>[1] = { email: olivia },
) {
  return comeBack(flow, await answerConsentPage(flow.url, answer));
}

async function connectionRow(id: ConnectionId | null) {
  const { rows } = await database.owner.query<Record<string, unknown>>(
    `select c.state, c.state_reason, c.account_email, c.provider_tenant, k.generation
     from connections c left join credentials k on k.connection_id = c.id where c.id = $1`,
    [id],
  );
  return rows[0];
}
async function record(): Promise<string[]> {
  const { rows } = await database.owner.query<{ line: string }>(
    `select action || coalesce(' ' || (details->>'to'), '') as line from audit_events order by id`,
  );
  return rows.map(({ line }) => line);
}
const count = async (table: string) =>
  Number((await database.owner.query(`select count(*) from ${table}`)).rows[0]?.count);

describe('a consent that is given', () => {
  it('makes the connection work, on record, with a discovery under way', async () => {
    const flow = await start();
    expect(await connectionRow(flow.connectionId)).toMatchObject({ state: 'pending' });
    expect(await consent(flow)).toEqual({
      outcome: 'connected',
      connectionId: flow.connectionId,
      denied: false,
    });
    expect(await connectionRow(flow.connectionId)).toEqual({
      state: 'active',
      state_reason: null,
      account_email: olivia,
      provider_tenant: 'northwind.example',
      generation: 1,
    });
    expect(await record()).toEqual([
      'connection.requested',
      'connection.consented',
      'connection.state_changed verifying',
      'connection.state_changed active',
      'discovery.requested',
    ]);
    expect(await count('jobs')).toBeGreaterThan(0);
  });

  it('asks the provider with a challenge, a state and our address', async () => {
    const { searchParams } = new URL((await start()).url);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      code_challenge_method: 'S256',
      access_type: 'offline',
      redirect_uri: 'http://localhost:3000/api/connections/google/callback',
      state: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('keeps neither state nor verifier nor cookie in readable form', async () => {
    const flow = await start();
    const state = new URL(flow.url).searchParams.get('state') ?? '';
    const { rows } = await database.owner.query<{ dump: string }>(
      `select string_agg(c::text, '') || (select string_agg(a::text, '') from audit_events a)
       as dump from consent_requests c`,
    );
    expect(rows[0]?.dump).not.toContain(state);
    expect(rows[0]?.dump).not.toContain(flow.cookie.value);
    expect(flow.cookie.options).toEqual({
      httpOnly: true,
      sameSite: 'lax',
      secure: false,
      path: '/api/connections',
      maxAge: 600,
    });
  });

  it('for less than asked leaves the connection wanting, without a discovery', async () => {
    const flow = await start();
    const done = await consent(flow, { email: olivia, without: 'gmail.modify' });
    expect(done.outcome).toBe('scopes_missing');
    expect(await connectionRow(flow.connectionId)).toMatchObject({ state: 'needs_scopes' });
    expect(await record()).not.toContain('discovery.requested');
  });

  it('for an account that is connected already goes on with that connection', async () => {
    const first = await consent(await start());
    const second = await consent(await start());
    expect(second).toEqual({ ...first, outcome: 'connected' });
    expect(await count('connections')).toBe(1);
    expect(await connectionRow(first.connectionId)).toMatchObject({ generation: 2 });
  });

  it('for another account makes another connection', async () => {
    const first = await consent(await start());
    const second = await consent(await start(), { email: victor });
    expect(second.connectionId).not.toBe(first.connectionId);
    expect(await count('connections')).toBe(2);
  });
});

describe('connecting again', () => {
  it('keeps the id, replaces the credential and heals the connection', async () => {
    const { connectionId } = await consent(await start());
    await database.owner.query(`update connections set state = 'needs_reconsent'`);
    const again = await consent(await reconnect(connectionId as ConnectionId));
    expect(again).toEqual({ outcome: 'connected', connectionId, denied: false });
    expect(await connectionRow(connectionId)).toMatchObject({ state: 'active', generation: 2 });
  });

  it('with another account is refused and changes nothing', async () => {
    const { connectionId } = await consent(await start());
    const before = await connectionRow(connectionId);
    const flow = await reconnect(connectionId as ConnectionId);
    expect((await consent(flow, { email: victor })).outcome).toBe('other_account');
    expect(await connectionRow(connectionId)).toEqual(before);
    expect((await record()).at(-1)).toBe('connection.consent_failed');
  });

  it('with less than before keeps the credential that works', async () => {
    const { connectionId } = await consent(await start());
    const before = await connectionRow(connectionId);
    const flow = await reconnect(connectionId as ConnectionId);
    const done = await consent(flow, { email: olivia, without: 'drive.metadata.readonly' });
    expect(done.outcome).toBe('scopes_missing');
    expect(await connectionRow(connectionId)).toEqual(before);
  });

  it('that is refused at the provider keeps everything', async () => {
    const { connectionId } = await consent(await start());
    const before = await connectionRow(connectionId);
    const flow = await reconnect(connectionId as ConnectionId);
    expect((await consent(flow, 'deny')).outcome).toBe('denied');
    expect(await connectionRow(connectionId)).toEqual(before);
  });

  it('after starting over several times leaves no litter', async () => {
    await start();
    await start();
    await consent(await start());
    expect(await count('connections')).toBe(1);
  });
});

describe('a consent that is not given', () => {
  it('leaves the connection pending and says why', async () => {
    const flow = await start();
    expect(await consent(flow, 'deny')).toEqual({
      outcome: 'denied',
      connectionId: flow.connectionId,
      denied: false,
    });
    expect(await connectionRow(flow.connectionId)).toMatchObject({
      state: 'pending',
      state_reason: expect.stringContaining('not granted'),
    });
    expect(await record()).toEqual(['connection.requested', 'connection.consent_failed']);
  });

  it('because the administrator forbids it says so', async () => {
    const flow = await start();
    const state = new URL(flow.url).searchParams.get('state') ?? '';
    const back = new URL(`http://x/?error=admin_policy_enforced&state=${state}`);
    expect((await comeBack(flow, back)).outcome).toBe('blocked');
  });

  it.each([
    ['answers 500', { path: '/token', status: 500, body: 'oops' }],
    ['answers garbage', { path: '/token', status: 200, body: '<html>' }],
    ['answers half of what it should', { path: '/token', status: 200, body: { scope: 'x' } }],
    ['cuts the connection', { path: '/token', reset: true }],
    ['does not know the account', { path: '/v1/userinfo', status: 200, body: {} }],
  ])('because the provider %s says so, and can be tried again', async (_what, fault) => {
    const flow = await start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    google.fault(fault);
    expect((await comeBack(flow, back)).outcome).toBe('provider_failed');
    expect(await connectionRow(flow.connectionId)).toMatchObject({ state: 'pending' });
    google.clearFaults();
    expect((await consent(await start())).outcome).toBe('connected');
  });

  it('without a code is not taken for one', async () => {
    const flow = await start();
    const state = new URL(flow.url).searchParams.get('state') ?? '';
    const back = new URL(`http://x/?state=${state}`);
    expect((await comeBack(flow, back)).outcome).toBe('provider_failed');
  });
});

describe('a flow that is not one’s own', () => {
  const foreign = { outcome: 'foreign', connectionId: null, denied: true };

  it('with an unknown state is refused', async () => {
    const flow = await start();
    expect(await comeBack(flow, new URL('http://x/?code=c&state=unknown'))).toEqual(foreign);
  });

  it('without a state is refused', async () => {
    const flow = await start();
    expect(await comeBack(flow, new URL('http://x/?code=c'))).toEqual(foreign);
  });

  it('in another browser is refused, and still open to its own', async () => {
    const flow = await start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    expect(await comeBack(flow, back, context, () => undefined)).toEqual(foreign);
    expect(await comeBack(flow, back, context, () => 'guessed')).toEqual(foreign);
    expect((await comeBack(flow, back)).outcome).toBe('connected');
  });

  it('of another member of the same organisation is refused', async () => {
    const flow = await start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    const colleague = { ...context, userId: newId<UserId>() };
    expect(await comeBack(flow, back, colleague)).toEqual(foreign);
  });

  it('of another organisation is refused', async () => {
    const flow = await start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    expect(await comeBack(flow, back, await testMember(database))).toEqual(foreign);
    expect(await count('credentials')).toBe(0);
  });

  it('to renew another organisation’s connection cannot be begun', async () => {
    const { connectionId } = await consent(await start());
    const stranger = await testMember(database);
    const attempt = startConsent(stranger, { connectionId: connectionId as ConnectionId });
    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a flow that is over', () => {
  it('cannot be used a second time', async () => {
    const flow = await start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    await comeBack(flow, back);
    expect(await comeBack(flow, back)).toEqual({
      outcome: 'reused',
      connectionId: flow.connectionId,
      denied: false,
    });
    expect(await connectionRow(flow.connectionId)).toMatchObject({ generation: 1 });
  });

  it('is used once by two that come back at the same time', async () => {
    const flow = await start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    const both = await Promise.all([comeBack(flow, back), comeBack(flow, back)]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['connected', 'reused']);
  });

  it('has expired after ten minutes', async () => {
    const flow = await start();
    const back = await answerConsentPage(flow.url, { email: olivia });
    await database.owner.query(`update consent_requests set expires_at = now()`);
    expect((await comeBack(flow, back)).outcome).toBe('expired');
    expect(await count('credentials')).toBe(0);
  });
});

describe('disconnecting', () => {
  it('takes the grant back, deletes the credential and keeps the history', async () => {
    const { connectionId } = await consent(await start());
    google.clearRequests();
    expect(await disconnect(context, connectionId as ConnectionId, olivia)).toEqual({
      revoked: true,
    });
    expect(google.requests({ path: '/revoke' })).toHaveLength(1);
    expect(await connectionRow(connectionId)).toMatchObject({
      state: 'disconnected',
      generation: null,
      account_email: olivia,
    });
    expect((await record()).slice(-2)).toEqual([
      'connection.state_changed disconnected',
      'connection.disconnected',
    ]);
  });

  it('wants the account typed', async () => {
    const { connectionId } = await consent(await start());
    const attempt = disconnect(context, connectionId as ConnectionId, 'yes');
    await expect(attempt).rejects.toMatchObject({
      code: 'invalid_input',
      fields: { confirmation: expect.stringContaining(olivia) },
    });
    expect(await connectionRow(connectionId)).toMatchObject({ state: 'active' });
  });

  it('ends access here also when the provider does not answer, and says so', async () => {
    const { connectionId } = await consent(await start());
    google.fault({ path: '/revoke', status: 503 });
    expect(await disconnect(context, connectionId as ConnectionId, olivia)).toEqual({
      revoked: false,
    });
    expect(await connectionRow(connectionId)).toMatchObject({ state: 'disconnected' });
  });

  it('twice writes one event', async () => {
    const { connectionId } = await consent(await start());
    await disconnect(context, connectionId as ConnectionId, olivia);
    await disconnect(context, connectionId as ConnectionId, olivia);
    const events = (await record()).filter((line) => line === 'connection.disconnected');
    expect(events).toHaveLength(1);
  });

  it('can be followed by connecting again', async () => {
    const { connectionId } = await consent(await start());
    await disconnect(context, connectionId as ConnectionId, olivia);
    const again = await consent(await reconnect(connectionId as ConnectionId));
    expect(again).toMatchObject({ outcome: 'connected', connectionId });
  });
});
