import { beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { createConsentLink } from '../consent-links';
import { testMember } from '../testing';
import { connectSlack, testSlack, told } from './testing';

const slack = testSlack();
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

beforeEach(async () => {
  slack.clearFaults();
  await database.owner.query('delete from connections');
  context = await testMember(database);
  connectionId = await connectSlack(context, slack, 'http://localhost:3000');
  slack.clearRequests();
});

const uninstalled = () =>
  told(context, connectionId, { kind: 'uninstalled', event: 'app_uninstalled' });

const put = (state: string) =>
  database.owner.query('update connections set state = $1 where id = $2', [state, connectionId]);
const suspend = () =>
  database.owner.query(`update tenants set state = 'suspended' where id = $1`, [context.tenantId]);

async function now() {
  const { rows } = await database.owner.query<{ state: string; credential: boolean }>(
    `select c.state, exists (select from credentials k where k.connection_id = c.id) as credential
       from connections c where c.id = $1`,
    [connectionId],
  );
  return rows[0];
}

describe('a notice of an uninstalled app decides nothing by itself', () => {
  it('for an organisation that is suspended: it is kept, and nobody is asked until then', async () => {
    await suspend();
    await expect(uninstalled()).rejects.toMatchObject({ name: 'RetryLater' });
    expect(await now()).toEqual({ state: 'active', credential: true });
    expect(slack.requests()).toEqual([]);
  });

  it.each(['needs_reconsent', 'needs_scopes', 'blocked_by_policy'])(
    'for a connection that is %s: Slack is asked about the token it still holds',
    async (state) => {
      await put(state);
      expect(await uninstalled()).toBe('contradicted');
      expect(await now()).toEqual({ state, credential: true });
      expect(slack.requests({ path: '/api/auth.test' })).toHaveLength(1);
    },
  );

  it('when Slack says no more than that the token ran out', async () => {
    await put('needs_reconsent');
    slack.expire('northwind');
    expect(await uninstalled()).toBe('outdated');
    expect(await now()).toEqual({ state: 'needs_reconsent', credential: true });
  });

  it('while Slack does not answer', async () => {
    await put('needs_reconsent');
    slack.preset('unavailable');
    await expect(uninstalled()).rejects.toMatchObject({ name: 'RetryLater' });
    expect(await now()).toEqual({ state: 'needs_reconsent', credential: true });
  });
});

it('an uninstalled app ends a connection that waited for consent', async () => {
  await put('needs_reconsent');
  await slack.act('uninstall', 'northwind');
  expect(await uninstalled()).toBe('confirmed');
  expect(await now()).toEqual({ state: 'disconnected', credential: false });
});

it('revoked tokens of a connection that rests are no news', async () => {
  await put('needs_reconsent');
  expect(
    await told(context, connectionId, { kind: 'authority_questioned', event: 'tokens_revoked' }),
  ).toBe('outdated');
  expect(slack.requests()).toEqual([]);
});

it('the links that were out for it end with the connection', async () => {
  await withTenant(context, (tx) =>
    createConsentLink(tx, context, {
      connectionId,
      purpose: 'reconsent',
      forEmail: 'olivia@northwind.example',
      expiresAt: new Date(Date.now() + 86_400_000),
    }),
  );
  await slack.act('uninstall', 'northwind');
  expect(await uninstalled()).toBe('confirmed');
  const { rows } = await database.owner.query(
    'select id from consent_links where connection_id = $1 and revoked_at is null',
    [connectionId],
  );
  expect(rows).toEqual([]);
});
