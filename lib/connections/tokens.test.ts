import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, newId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { Grant } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { loadCredential, storeRefreshed, takeLease } from './credentials';
import { connect, testGoogle, testMember, testWay } from './testing';
import { accessToken } from './tokens';

const account = 'olivia@northwind.example';
const google = testGoogle({ seed: { amounts: { [account]: { messages: 3, files: 3 } } } });
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  google.clearFaults();
  await database.owner.query('delete from connections');
  connectionId = await connect(context);
  google.clearRequests();
});

const request = (rejected?: string) =>
  accessToken({ context, connectionId, way: testWay(), fetch, rejected });
async function credential() {
  const found = await withTenant(context, (tx) => loadCredential(tx, context, connectionId));
  if (!found) throw new Error('the credential is gone');
  return found;
}
const expire = () =>
  database.owner.query(
    `update credentials set access_expires_at = now() + interval '10 seconds'
     where connection_id = $1`,
    [connectionId],
  );
const tokenPosts = () => google.requests({ path: '/token' }).length;
async function state(): Promise<{ state: string; events: number }> {
  const { rows } = await database.owner.query<{ state: string; events: number }>(
    `select c.state, (select count(*)::int from audit_events e
       where e.connection_id = c.id and e.action = 'connection.state_changed'
         and e.details->>'signal' not in ('consented', 'verified')) as events
     from connections c where c.id = $1`,
    [connectionId],
  );
  return rows[0] ?? { state: 'absent', events: 0 };
}

describe('an access token', () => {
  it('is used while it lasts, without asking the provider', async () => {
    expect(await request()).toBe((await credential()).accessToken);
    expect(tokenPosts()).toBe(0);
  });

  it('is refreshed ahead of its end', async () => {
    const before = await credential();
    await expire();
    const token = await request();
    expect(token).not.toBe(before.accessToken);
    expect(await credential()).toMatchObject({
      accessToken: token,
      tokenVersion: before.tokenVersion + 1,
      generation: before.generation,
    });
  });

  it('that the provider refused is replaced, whatever its end', async () => {
    const before = await credential();
    expect(await request(before.accessToken)).not.toBe(before.accessToken);
    expect(tokenPosts()).toBe(1);
  });

  it('that somebody else has replaced meanwhile is taken over', async () => {
    const before = await credential();
    const replaced = await request(before.accessToken);
    expect(await request(before.accessToken)).toBe(replaced);
    expect(tokenPosts()).toBe(1);
  });
});

describe('a refresh', () => {
  it('keeps the old refresh token when none comes back', async () => {
    const before = await credential();
    await expire();
    await request();
    expect((await credential()).grant).toEqual(before.grant);
  });

  it('is asked for once by a hundred callers at the same time', async () => {
    await expire();
    const tokens = await Promise.all(Array.from({ length: 100 }, () => request()));
    expect(new Set(tokens).size).toBe(1);
    expect(tokenPosts()).toBe(1);
  });

  it('waits for another process that holds the lease', async () => {
    await expire();
    const old = await credential();
    const lease = await withTenant(context, (tx) => takeLease(tx, context, connectionId, old));
    expect(lease).not.toBeNull();
    const waiting = request();
    const oauth = testWay().oauth();
    const refreshed = await oauth.refresh(old.grant as Grant);
    await withTenant(context, (tx) =>
      storeRefreshed(tx, context, connectionId, old, refreshed, lease ?? ''),
    );
    expect(await waiting).toBe(refreshed.accessToken);
    expect(tokenPosts()).toBe(1);
  });

  it('is taken over when the process that held the lease died', async () => {
    await expire();
    const old = await credential();
    await withTenant(context, (tx) => takeLease(tx, context, connectionId, old));
    await database.owner.query(`update credentials set refresh_lease_until = now()`);
    expect(await request()).not.toBe(old.accessToken);
  });

  it('that comes too late does not overwrite a newer one', async () => {
    const old = await credential();
    await request(old.accessToken);
    const newer = await credential();
    const late = { ...old, refreshToken: 'late', expiresAt: new Date(), scopes: [] };
    const stored = await withTenant(context, (tx) =>
      storeRefreshed(tx, context, connectionId, old, late, newId()),
    );
    expect(stored).toBe(false);
    expect(await credential()).toEqual(newer);
  });

  it('by a holder whose lease was taken over does not write', async () => {
    await expire();
    const old = await credential();
    const lost = await withTenant(context, (tx) => takeLease(tx, context, connectionId, old));
    await database.owner.query(`update credentials set refresh_lease_until = now()`);
    await withTenant(context, (tx) => takeLease(tx, context, connectionId, old));
    const late = { accessToken: 'late', refreshToken: null, expiresAt: new Date(), scopes: [] };
    const stored = await withTenant(context, (tx) =>
      storeRefreshed(tx, context, connectionId, old, late, lost ?? ''),
    );
    expect(stored).toBe(false);
    expect((await credential()).accessToken).toBe(old.accessToken);
  });

  it('by such a holder writes when its answer brings the only refresh token that works', async () => {
    const old = await credential();
    const lost = await withTenant(context, (tx) => takeLease(tx, context, connectionId, old));
    await database.owner.query(`update credentials set refresh_lease_until = now()`);
    const next = await withTenant(context, (tx) => takeLease(tx, context, connectionId, old));
    const only = { accessToken: 'a', refreshToken: 'only', expiresAt: new Date(), scopes: [] };
    const store = (tokens: typeof only, lease: string | null) =>
      withTenant(context, (tx) =>
        storeRefreshed(tx, context, connectionId, old, tokens, lease ?? ''),
      );
    expect(await store(only, lost)).toBe(true);
    // The other one, whose lease is good, finds that the version has moved.
    expect(await store({ ...only, refreshToken: 'other' }, next)).toBe(false);
    expect((await credential()).grant).toMatchObject({ refreshToken: 'only' });
  });

  it('that the provider refuses for good asks once, moves the connection once, keeps the credential', async () => {
    const before = await credential();
    await expire();
    google.revoke(account);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => request()));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(tokenPosts()).toBe(1);
    expect(await state()).toEqual({ state: 'needs_reconsent', events: 1 });
    expect((await credential()).grant).toEqual(before.grant);
  });

  it('that is refused after a sibling won says nothing about the connection', async () => {
    await expire();
    const old = await credential();
    const sibling = await testWay()
      .oauth()
      .refresh(old.grant as Grant);
    // The provider refuses, and before its answer is here the sibling's tokens are stored.
    const beaten: typeof fetch = async () => {
      await withTenant(context, (tx) =>
        storeRefreshed(
          tx,
          context,
          connectionId,
          old,
          { ...sibling, refreshToken: 'next' },
          newId(),
        ),
      );
      return Response.json({ error: 'invalid_grant' }, { status: 400 });
    };
    const way = testWay();
    const token = await accessToken({ context, connectionId, way, fetch: beaten });
    expect(token).toBe(sibling.accessToken);
    expect(await state()).toEqual({ state: 'active', events: 0 });
  });

  it.each([
    ['answers 500', { status: 500, body: 'oops' }],
    ['answers garbage', { status: 200, body: 'not json' }],
    ['cuts the connection', { reset: true }],
  ])('leaves a token that still lasts in use when the provider %s', async (_what, fault) => {
    await expire();
    const before = await credential();
    google.fault({ path: '/token', ...fault });
    expect(await request()).toBe(before.accessToken);
    expect(await credential()).toEqual({ ...before, accessExpiresAt: expect.any(Date) });
    expect((await state()).state).toBe('active');
  });

  it('makes the connection unsteady when the provider is down and the token has ended', async () => {
    await database.owner.query(`update credentials set access_expires_at = now()`);
    google.fault({ path: '/token', status: 503, body: '' });
    await expect(request()).rejects.toMatchObject({ name: 'ProviderError' });
    expect(await state()).toEqual({ state: 'degraded', events: 1 });
  });

  it('blames nobody but us when our own client is refused', async () => {
    await database.owner.query(`update credentials set access_expires_at = now()`);
    google.fault({ path: '/token', status: 401, body: { error: 'invalid_client' } });
    await expect(request()).rejects.toMatchObject({ kind: 'app_fault' });
    expect(await state()).toEqual({ state: 'active', events: 0 });
  });
});
