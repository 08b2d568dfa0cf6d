import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { FaultInput } from '@/emulators';
import { forgetFaults } from '@/lib/app-faults/gate';
import type { ProviderKey } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { plainReason } from './job-errors';
import { testMember } from './testing';
import {
  accounts,
  apiPaths,
  connectTo,
  endToken,
  readOnce,
  requestsTo,
  standing,
  testProviders,
  tokenPaths,
} from './testing/world';

/**
 * Every fault at every provider: the state that comes of it, how often the token endpoint was asked,
 * how many moves are on the record, and what people read.
 */
const emulators = testProviders('google', 'microsoft', 'slack');
const database = testDatabase();
let context: MemberContext;
let id: ConnectionId;

const providers = ['google', 'microsoft', 'slack'] as const;

/** What each provider says when it refuses a token, and when a permission is missing. */
const refusals: Readonly<
  Record<ProviderKey, Readonly<Record<'token' | 'scope', Pick<FaultInput, 'status' | 'body'>>>>
> = {
  google: {
    token: { status: 401, body: { error: { code: 401, status: 'UNAUTHENTICATED' } } },
    scope: { status: 403, body: { error: { errors: [{ reason: 'insufficientPermissions' }] } } },
  },
  microsoft: {
    token: { status: 401, body: { error: { code: 'InvalidAuthenticationToken', message: 'x' } } },
    scope: {
      status: 403,
      body: { error: { code: 'Authentication_MSGraphPermissionMissing', message: 'x' } },
    },
  },
  slack: {
    token: { status: 200, body: { ok: false, error: 'token_expired' } },
    scope: { status: 200, body: { ok: false, error: 'missing_scope', needed: 'channels:read' } },
  },
};

const atApi =
  (fault: Partial<FaultInput>) =>
  (provider: ProviderKey): void =>
    emulators[provider].fault({ path: apiPaths[provider], ...fault } as FaultInput);

interface Expected {
  readonly state: string;
  /** Requests to the token endpoint. */
  readonly posts: number;
  /** What people read of it, or undefined when the call gets through all the same. */
  readonly says?: RegExp;
}

/** A fault, how it is made, and what comes of it. */
const matrix: readonly [name: string, make: (provider: ProviderKey) => unknown, Expected][] = [
  [
    'refused token',
    (provider) => atApi(refusals[provider].token)(provider),
    { state: 'needs_reconsent', posts: 1, says: /no longer accepts/ },
  ],
  [
    'missing permission',
    (provider) => atApi(refusals[provider].scope)(provider),
    { state: 'needs_scopes', posts: 0, says: /lacks a permission/ },
  ],
  [
    '429 with seconds',
    atApi({ status: 429, body: { ok: false }, retryAfter: 60 }),
    { state: 'active', posts: 0, says: /asked us to slow down\. We will go on by ourselves/ },
  ],
  [
    '429 with a date',
    atApi({ status: 429, body: { ok: false }, retryAfter: 60, retryAfterAs: 'date' }),
    { state: 'active', posts: 0, says: /asked us to slow down\. We will go on by ourselves/ },
  ],
  [
    '500',
    atApi({ status: 500, body: '' }),
    { state: 'degraded', posts: 0, says: /does not answer at the moment/ },
  ],
  [
    '503',
    atApi({ status: 503, body: '' }),
    { state: 'degraded', posts: 0, says: /does not answer at the moment/ },
  ],
  ['500 once', atApi({ status: 500, body: '', times: 1 }), { state: 'active', posts: 0 }],
  [
    'garbage',
    atApi({ status: 200, body: '<html>We will be back shortly.</html>' }),
    { state: 'active', posts: 0, says: /makes no sense/ },
  ],
  [
    'cut connection',
    atApi({ reset: true }),
    { state: 'degraded', posts: 0, says: /does not answer at the moment/ },
  ],
  ['slow answer', atApi({ delay: 1_000 }), { state: 'active', posts: 0 }],
  [
    'withdrawn consent',
    async (provider) => {
      emulators[provider].revoke(accounts[provider]);
      await endToken(database, id);
    },
    {
      state: 'needs_reconsent',
      posts: 1,
      says: /no longer accepts this connection|permissions were taken back/,
    },
  ],
  [
    'secret of ours that has ended',
    async (provider) => {
      emulators[provider].preset('app_secret');
      await endToken(database, id);
    },
    { state: 'active', posts: 1, says: /Your connection is fine, and we are on it/ },
  ],
  [
    'token endpoint out of order',
    async (provider) => {
      emulators[provider].fault({ path: tokenPaths[provider], status: 503, body: '' });
      await endToken(database, id);
    },
    { state: 'degraded', posts: 1, says: /does not answer at the moment/ },
  ],
  [
    'garbage from the token endpoint',
    async (provider) => {
      emulators[provider].fault({ path: tokenPaths[provider], status: 200, body: 'not json' });
      await endToken(database, id);
    },
    { state: 'active', posts: 1, says: /makes no sense/ },
  ],
];

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  for (const emulator of Object.values(emulators)) emulator.clearFaults();
  for (const table of ['connections', 'provider_app_faults', 'alerts']) {
    await database.owner.query(`delete from ${table}`);
  }
  forgetFaults();
});

async function sealed(): Promise<unknown> {
  const { rows } = await database.owner.query(
    'select generation, refresh_lease from credentials where connection_id = $1',
    [id],
  );
  return rows[0];
}

describe.each(providers)('at %s', (provider) => {
  it.each(matrix)('a %s comes to what it should', async (_name, make, expected) => {
    id = await connectTo(context, provider);
    emulators[provider].clearRequests();
    await make(provider);
    const outcome = await readOnce(context, id).then(
      () => undefined,
      (error: unknown) => plainReason(error),
    );
    const { state, moves } = await standing(database, id);
    expect({ state, posts: requestsTo(emulators[provider], tokenPaths[provider]) }).toEqual({
      state: expected.state,
      posts: expected.posts,
    });
    expect(moves).toBe(expected.state === 'active' ? 0 : 1);
    if (expected.says) expect(outcome).toMatch(expected.says);
    else expect(outcome).toBeUndefined();
    // Nothing is ever deleted by a failure, and nobody keeps the right to refresh.
    expect(await sealed()).toEqual({ generation: 1, refresh_lease: null });
  });
});
