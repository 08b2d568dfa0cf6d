import { beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { connectWorkspace } from '@/emulators/slack/testing';
import { eventually } from '@/lib/jobs/testing/harness';
import { findWay, type Grant } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { providerClient } from './client';
import { loadCredential, replaceCredential } from './credentials';
import { disconnect } from './disconnect';
import { testMember } from './testing';
import { connectSlack, testSlack } from './webhooks/testing';

const slack = testSlack();
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

beforeEach(async () => {
  slack.clearFaults();
  context = await testMember(database);
  connectionId = await connectSlack(context, slack, 'http://localhost:9');
  slack.clearRequests();
});

const find = async () =>
  (await providerClient(context, connectionId)).channelAdministration?.find('sales');
const outcome = () => find().catch((error: unknown) => error);
const state = async () => {
  const { rows } = await database.owner.query<{ state: string }>(
    'select state from connections where id = $1',
    [connectionId],
  );
  return rows[0]?.state;
};
const tokenPosts = () => slack.requests({ path: '/api/oauth.v2.access' }).length;

/** Of all calls but the token endpoint's. */
const says = (error: string, more: object = {}) =>
  slack.fault({ path: '/api/conversations.*', body: { ok: false, error, ...more } });

/** Until the fault that was set has met a call. */
const underWay = () =>
  eventually(async () => {
    const faults = await fetch(`${slack.url}/__faults`);
    expect(await faults.json()).toMatchObject([{ fired: 1 }]);
  });

describe('what Slack says moves the connection', () => {
  // Whether the token is asked for anew: it may be that one alone which was revoked.
  const rows: [said: string, more: object, state: string, renewals: number][] = [
    ['token_revoked', {}, 'needs_reconsent', 1],
    ['account_inactive', {}, 'needs_reconsent', 0],
    ['invalid_auth', {}, 'needs_reconsent', 1],
    ['missing_scope', { needed: 'channels:read', provided: '' }, 'needs_scopes', 0],
    ['org_login_required', {}, 'degraded', 0],
    ['team_access_not_granted', {}, 'blocked_by_policy', 0],
    ['restricted_action', {}, 'active', 0],
    ['channel_not_found', {}, 'active', 0],
    ['ratelimited', {}, 'active', 0],
  ];
  it.each(rows)('%s', async (said, more, expected, renewals) => {
    says(said, more);
    expect(await outcome()).toBeInstanceOf(Error);
    expect(await state()).toBe(expected);
    expect(tokenPosts()).toBe(renewals);
  });

  it('bad_client_secret is our own fault: nobody is asked to reconnect', async () => {
    slack.preset('app_secret');
    slack.expire('northwind');
    expect(await outcome()).toBeInstanceOf(Error);
    expect(await state()).toBe('active');
    await database.owner.query('delete from provider_app_faults');
  });
});

describe('a token that was revoked while its consent stands', () => {
  it('as Slack does with the oldest of three, is replaced', async () => {
    const held = await withTenant(context, (tx) => loadCredential(tx, context, connectionId));
    const headers = { authorization: `Bearer ${held?.accessToken}` };
    await fetch(`${slack.url}/api/auth.revoke`, { method: 'POST', headers });
    expect(await find()).toMatchObject({ archived: false });
    expect(tokenPosts()).toBe(1);
    expect(await state()).toBe('active');
  });

  it('as it was by connecting again during the call, is not held against the new one', async () => {
    slack.fault({
      path: '/api/conversations.*',
      body: { ok: false, error: 'token_revoked' },
      ...{ delay: 15_000, times: 1 },
    });
    const finding = find();
    await underWay();
    const { tokens } = await connectWorkspace(slack, 'northwind');
    await withTenant(context, (tx) => replaceCredential(tx, context, connectionId, tokens));
    slack.clearFaults();
    expect(await finding).toMatchObject({ archived: false });
    expect(await state()).toBe('active');
  });
});

it('a refusal of the consent that was replaced meanwhile says nothing of the new one', async () => {
  slack.fault({
    path: '/api/conversations.*',
    body: { ok: false, error: 'missing_scope', needed: 'channels:read', provided: '' },
    ...{ delay: 15_000, times: 1 },
  });
  const finding = outcome();
  await underWay();
  const { tokens } = await connectWorkspace(slack, 'northwind');
  await withTenant(context, (tx) => replaceCredential(tx, context, connectionId, tokens));
  slack.clearFaults();
  expect(await finding).toMatchObject({ name: 'RetryLater', seconds: 1 });
  expect(await state()).toBe('active');
  expect(await find()).toMatchObject({ archived: false });
});

describe('a token that ran out', () => {
  it('is renewed once, however many calls find it so', async () => {
    slack.expire('northwind');
    const found = await Promise.all(Array.from({ length: 4 }, () => find()));
    expect(found.every((channel) => channel?.archived === false)).toBe(true);
    expect(tokenPosts()).toBe(1);
    expect(await state()).toBe('active');
  });

  const lostOnTheWayBack = { path: '/api/oauth.v2.access', reset: true, when: 'after' } as const;

  it('whose renewal is lost on the way back is asked for again at once, within Slack’s grace', async () => {
    slack.expire('northwind');
    slack.fault({ ...lostOnTheWayBack, times: 1 });
    expect(await outcome()).toMatchObject({ archived: false });
    expect(tokenPosts()).toBe(2);
    expect(await state()).toBe('active');
  });

  it('whose renewal is lost, and the grace over, costs the connection its authority, and says so', async () => {
    slack.expire('northwind');
    slack.fault({ ...lostOnTheWayBack, times: 2 });
    expect(await outcome()).toBeInstanceOf(Error);
    await slack.act('end_grace', 'northwind');
    expect(await outcome()).toMatchObject({ failure: { code: 'invalid_refresh_token' } });
    expect(await state()).toBe('needs_reconsent');
  });
});

it('disconnecting ends the refresh token as well, also where the access token ran out', async () => {
  const { tenantId } = context;
  await database.owner.query('delete from connections where tenant_id <> $1', [tenantId]);
  const held = await withTenant(context, (tx) => loadCredential(tx, context, connectionId));
  slack.expire('northwind');
  const done = await disconnect(context, connectionId, 'Northwind Traders');
  expect(done).toEqual({ kept: true, revoked: true });
  expect(tokenPosts()).toBe(0);
  const way = findWay('slack', 'application');
  await expect(way?.oauth().refresh(held?.grant as Grant)).rejects.toMatchObject({
    failure: { code: 'invalid_refresh_token' },
  });
});
