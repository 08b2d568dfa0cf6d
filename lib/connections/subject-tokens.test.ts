import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { changePerson } from '@/emulators/testing/google';
import type { MemberContext } from '@/lib/tenancy';
import { providerClient } from './client';
import { loadCredential, replaceCredential } from './credentials';
import { transition } from './states';
import { subjectToken } from './subject-tokens';
import { testGoogle, testMember } from './testing';
import { connectOrganization, organizationWay } from './testing/organization';

const domain = 'northwind.example';
const olivia = `olivia@${domain}`;
const victor = `victor@${domain}`;
const google = testGoogle({ seed: { amounts: { [olivia]: { messages: 3 } } } });
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  google.clearFaults();
  await database.owner.query('delete from connections');
  google.act('delegate', domain);
  await changePerson(google, victor, { suspended: false });
  connectionId = await connectOrganization(context, google);
  google.clearRequests();
});

const ask = (subject = victor, rejected?: string) =>
  subjectToken({ context, connectionId, way: organizationWay(), fetch, subject, rejected });
const tokenPosts = (account?: string) =>
  google.requests({ path: '/token', ...(account ? { account } : {}) }).length;
const labels = '/gmail/v1/users/me/labels';

async function stateNow() {
  const { rows } = await database.owner.query<{ state: string; state_reason: string | null }>(
    'select state, state_reason from connections where id = $1',
    [connectionId],
  );
  return rows[0];
}

describe('a token for one person', () => {
  it('is asked for once, and used while it lasts', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(new Set(tokens).size).toBe(1);
    expect(await ask()).toBe(tokens[0]);
    expect(tokenPosts()).toBe(1);
  });

  it('is nobody else’s', async () => {
    expect(await ask(victor)).not.toBe(await ask(olivia));
    expect([tokenPosts(victor), tokenPosts(olivia)]).toEqual([1, 1]);
  });

  it('that was refused is replaced', async () => {
    const refused = await ask();
    expect(await ask(victor, refused)).not.toBe(refused);
    expect(tokenPosts()).toBe(2);
  });

  it('near its end is replaced; while Google is away the old one still serves', async () => {
    const answer = { access_token: 'short-lived', expires_in: 60, token_type: 'Bearer' };
    google.fault({ path: '/token', body: answer, times: 1 });
    expect(await ask()).toBe('short-lived');
    google.fault({ path: '/token', status: 503, times: 1 });
    expect(await ask()).toBe('short-lived');
    expect(await ask()).toMatch(/^ya29\./);
  });

  it('does not outlive the consent it was got with', async () => {
    const before = await ask();
    await withTenant(context, async (tx) => {
      const credential = await loadCredential(tx, context, connectionId);
      if (!credential) throw new Error('the credential is gone');
      const { accessToken, accessExpiresAt: expiresAt, grant } = credential;
      const tokens = { accessToken, refreshToken: null, expiresAt, scopes: [] };
      await replaceCredential(tx, context, connectionId, tokens, grant);
    });
    expect(await ask()).not.toBe(before);
  });

  it('is of no use once the connection is disconnected, nor kept', async () => {
    const before = await ask();
    await withTenant(context, (tx) =>
      transition(tx, context, connectionId, { type: 'disconnected' }),
    );
    google.clearRequests();
    await expect(ask()).rejects.toMatchObject({ name: 'ConnectionUnusable' });
    expect(google.requests()).toEqual([]);
    await withTenant(context, async (tx) => {
      await transition(tx, context, connectionId, { type: 'consented' });
      await transition(tx, context, connectionId, { type: 'verified' });
    });
    expect(await ask()).not.toBe(before);
  });

  it('of another tenant is as if it did not exist', async () => {
    const stranger = await testMember(database);
    await ask();
    const way = organizationWay();
    await expect(
      subjectToken({ context: stranger, connectionId, way, fetch, subject: victor }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is on no record and in no table', async () => {
    const token = await ask();
    const client = await providerClient(context, connectionId);
    await client.person?.(victor).mail?.findLabel('x');
    const { rows } = await database.owner.query<{ dump: string }>(
      `select (select string_agg(p::text, '') from provider_calls p)
        || (select string_agg(a::text, '') from audit_events a)
        || (select string_agg(c::text, '') from credentials c) as dump`,
    );
    expect(rows[0]?.dump).toContain(labels);
    expect(rows[0]?.dump).not.toContain(token);
    expect(rows[0]?.dump).not.toMatch(/ya29\.|PRIVATE KEY/);
  });
});

describe('a call for one person', () => {
  it('is on record with the connection and made with that person’s token', async () => {
    const client = await providerClient(context, connectionId);
    const label = await client.person?.(victor).mail?.ensureLabel('Mine');
    expect(label).toMatchObject({ created: true });
    expect(google.requests({ account: victor }).map(({ path }) => path)).toEqual([
      '/token',
      labels,
      labels,
    ]);
    const { rows } = await database.owner.query<{ path: string; status: number }>(
      'select path, status from provider_calls where connection_id = $1 order by id',
      [connectionId],
    );
    expect(rows.map(({ path, status }) => [path, status]).slice(-3)).toEqual([
      ['/token', 200],
      [labels, 200],
      [labels, 200],
    ]);
  });

  it('takes from the budget of that person, and a pause is theirs alone', async () => {
    const client = await providerClient(context, connectionId);
    await client.person?.(victor).mail?.findLabel('x');
    const { rows } = await database.owner.query<{ dimension: string; tokens: number }>(
      'select dimension, tokens from provider_budgets where connection_id = $1',
      [connectionId],
    );
    expect(rows).toEqual([{ dimension: `person:${victor}`, tokens: 2_999 }]);
    google.fault({ path: labels, account: victor, status: 429, retryAfter: 60, times: 1 });
    const slowed = client.person?.(victor).mail?.findLabel('x');
    await expect(slowed).rejects.toMatchObject({ name: 'RetryLater' });
    await expect(client.person?.(olivia).mail?.findLabel('x')).resolves.toBeNull();
  });

  it('that Google finds too many by a reason pauses that person alone', async () => {
    const client = await providerClient(context, connectionId);
    const body = { error: { code: 403, errors: [{ reason: 'userRateLimitExceeded' }] } };
    google.fault({ path: labels, account: victor, status: 403, body, times: 1 });
    const slowed = () => client.person?.(victor).mail?.findLabel('x');
    await expect(slowed()).rejects.toMatchObject({ name: 'RetryLater' });
    await expect(slowed()).rejects.toMatchObject({ name: 'RetryLater' });
    await expect(client.person?.(olivia).mail?.findLabel('x')).resolves.toBeNull();
  });

  it('with 401 is made once more with a new token', async () => {
    const client = await providerClient(context, connectionId);
    await client.person?.(victor).mail?.findLabel('x');
    google.expire(victor);
    google.clearRequests();
    await client.person?.(victor).mail?.findLabel('x');
    expect(google.requests().map(({ path }) => path)).toEqual([labels, '/token', labels]);
    expect(await stateNow()).toMatchObject({ state: 'active' });
  });

  it('that fails for that person alone leaves the connection as it is', async () => {
    await changePerson(google, victor, { suspended: true });
    const client = await providerClient(context, connectionId);
    await expect(client.person?.(victor).mail?.findLabel('x')).rejects.toMatchObject({
      kind: 'not_found',
    });
    expect(await stateNow()).toEqual({ state: 'active', state_reason: null });
  });

  it('that meets a withdrawn delegation asks for it, and says what to click', async () => {
    google.act('revoke', domain);
    const client = await providerClient(context, connectionId);
    await expect(client.person?.(victor).mail?.findLabel('x')).rejects.toMatchObject({
      kind: 'needs_reconsent',
    });
    expect(await stateNow()).toMatchObject({
      state: 'needs_reconsent',
      state_reason: expect.stringContaining('Domain-wide delegation'),
    });
  });
});
