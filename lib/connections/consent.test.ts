import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import { testGoogle, testMember } from './testing';
import { Flows } from './testing/consent';

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

describe('a consent that is given', () => {
  it('makes the connection work, on record, with a discovery under way', async () => {
    const flow = await flows.start();
    expect(await flows.connection(flow.connectionId)).toMatchObject({ state: 'pending' });
    expect(await flows.consent(flow, { email: olivia })).toEqual({
      outcome: 'connected',
      connectionId: flow.connectionId,
      denied: false,
    });
    expect(await flows.connection(flow.connectionId)).toEqual({
      state: 'active',
      state_reason: null,
      account_email: olivia,
      provider_tenant: 'northwind.example',
      generation: 1,
    });
    expect(await flows.record()).toEqual([
      'connection.requested',
      'connection.consented',
      'connection.state_changed verifying',
      'connection.state_changed active',
      'discovery.requested',
    ]);
    expect(await flows.count('jobs')).toBeGreaterThan(0);
  });

  it('asks the provider with a challenge, a state and our address', async () => {
    const { searchParams } = new URL((await flows.start()).url);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      code_challenge_method: 'S256',
      access_type: 'offline',
      redirect_uri: 'http://localhost:3000/api/connections/google/callback',
      state: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('keeps nothing of flows that were left a day ago, and takes no end of them', async () => {
    await flows.start();
    await database.owner.query(
      `update consent_requests set expires_at = now() - interval '25 hours'`,
    );
    await flows.start();
    expect(await flows.count('consent_requests')).toBe(1);
    await database.owner.query(
      `insert into consent_requests (tenant_id, id, connection_id, state_hash, session_hash,
                                     sealed_verifier, user_id, scopes, expires_at)
       select tenant_id, gen_random_uuid(), connection_id, n::text, '', '', user_id, scopes, expires_at
         from consent_requests, generate_series(1, 99) n`,
    );
    await expect(flows.start()).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('keeps neither state nor verifier nor cookie in readable form', async () => {
    const flow = await flows.start();
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
      maxAge: 3_600,
    });
  });

  it('for less than asked leaves the connection wanting, without a discovery', async () => {
    const flow = await flows.start();
    const done = await flows.consent(flow, { email: olivia, without: 'gmail.modify' });
    expect(done.outcome).toBe('scopes_missing');
    expect(await flows.connection(flow.connectionId)).toMatchObject({ state: 'needs_scopes' });
    // The person reads it on the page: nobody is alarmed by mail.
    expect(await flows.count('connection_incidents')).toBe(0);
    expect(await flows.record()).not.toContain('discovery.requested');
  });

  it('for an account that is connected already goes on with that connection', async () => {
    const first = await flows.consent(await flows.start(), { email: olivia });
    const second = await flows.consent(await flows.start(), { email: olivia });
    expect(second).toEqual({ ...first, outcome: 'connected' });
    expect(await flows.count('connections')).toBe(1);
    expect(await flows.connection(first.connectionId)).toMatchObject({ generation: 2 });
  });

  it('for another account makes another connection, also in a second tab', async () => {
    const [one, two] = [await flows.start(), await flows.start()];
    expect(two.connectionId).toBe(one.connectionId);
    const tabs = [await flows.consent(one, { email: olivia })];
    tabs.push(await flows.consent(two, { email: victor }));
    expect(tabs.map(({ outcome }) => outcome)).toEqual(['connected', 'connected']);
    expect(await flows.connection(tabs[1]?.connectionId ?? null)).toMatchObject({
      ...{ state: 'active', account_email: victor },
    });
    await flows.reset();
    const first = await flows.consent(await flows.start(), { email: olivia });
    const second = await flows.consent(await flows.start(), { email: victor });
    expect(second.connectionId).not.toBe(first.connectionId);
    expect(await flows.count('connections')).toBe(2);
  });
});

describe('connecting again', () => {
  it('keeps the id, replaces the credential and heals the connection', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    await database.owner.query(`update connections set state = 'needs_reconsent'`);
    const again = await flows.consent(await flows.reconnect(connectionId), { email: olivia });
    expect(again).toEqual({ outcome: 'connected', connectionId, denied: false });
    expect(await flows.connection(connectionId)).toMatchObject({ state: 'active', generation: 2 });
  });

  it('with another account is refused and changes nothing', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    const before = await flows.connection(connectionId);
    const flow = await flows.reconnect(connectionId);
    expect((await flows.consent(flow, { email: victor })).outcome).toBe('other_account');
    expect(await flows.connection(connectionId)).toEqual(before);
    expect((await flows.record()).at(-1)).toBe('connection.consent_failed');
  });

  it('with less than before keeps the credential that works', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    const before = await flows.connection(connectionId);
    const flow = await flows.reconnect(connectionId);
    const done = await flows.consent(flow, { email: olivia, without: 'drive.metadata.readonly' });
    expect(done.outcome).toBe('scopes_missing');
    expect(await flows.connection(connectionId)).toEqual(before);
  });

  it('that is refused at the provider keeps everything', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    const before = await flows.connection(connectionId);
    const flow = await flows.reconnect(connectionId);
    expect((await flows.consent(flow, 'deny')).outcome).toBe('denied');
    expect(await flows.connection(connectionId)).toEqual(before);
  });

  it('after starting over several times leaves no litter', async () => {
    await flows.start();
    await flows.start();
    await flows.consent(await flows.start(), { email: olivia });
    expect(await flows.count('connections')).toBe(1);
  });
});

describe('one permission more', () => {
  const write = 'https://www.googleapis.com/auth/calendar.events';
  const scopesOf = async (id: ConnectionId | null) =>
    (await database.owner.query('select scopes from connections where id = $1', [id])).rows[0]
      ?.scopes as string[];

  it('is not asked for before it is needed, and then by itself, on top of what there is', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    const before = await scopesOf(connectionId);
    expect(before).not.toContain(write);
    const flow = await flows.allow(connectionId, [write]);
    expect(await flows.connection(connectionId)).toMatchObject({ state: 'active', generation: 1 });
    expect((await flows.consent(flow, { email: olivia })).outcome).toBe('connected');
    expect((await scopesOf(connectionId)).sort()).toEqual([...before, write].sort());
    await flows.consent(await flows.reconnect(connectionId), { email: olivia });
    expect(await scopesOf(connectionId)).toContain(write);
  });

  it('that is not given leaves the rest as it was, and says so', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: victor });
    const flow = await flows.allow(connectionId, [write]);
    const done = await flows.consent(flow, { email: victor, without: 'calendar.events' });
    expect(done.outcome).toBe('not_all');
    expect(await flows.connection(connectionId)).toMatchObject({ state: 'active' });
  });

  it('that is denied changes nothing', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    const before = await flows.connection(connectionId);
    await flows.consent(await flows.allow(connectionId, [write]), 'deny');
    expect(await flows.connection(connectionId)).toEqual(before);
  });

  it('that nobody offers is not asked for', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    const { url } = await flows.allow(connectionId, ['https://mail.google.com/']);
    expect(new URL(url).searchParams.get('scope')).not.toContain('mail.google.com');
  });
});
