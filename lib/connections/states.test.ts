import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, newId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { ProviderError, type ProviderFailureKind, providerFailureKinds } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { type ConnectionState, connectionStates } from './contract';
import { moves, nextState, type SignalType, signalOf, signalTypes, transition } from './states';
import { testMember } from './testing';

const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  connectionId = newId<ConnectionId>();
});

async function connectionIn(state: ConnectionState): Promise<void> {
  await database.owner.query(
    `insert into connections (tenant_id, id, provider, state, created_by)
     values ($1, $2, 'google', $3, $4)`,
    [context.tenantId, connectionId, state, context.userId],
  );
}
const signal = (type: SignalType, code?: string) =>
  withTenant(context, (tx) =>
    transition(tx, context, connectionId, { type, ...(code ? { code } : {}) }),
  );
async function record() {
  const { rows } = await database.owner.query<{ details: Record<string, string> }>(
    'select details from audit_events where connection_id = $1',
    [connectionId],
  );
  return rows.map(({ details }) => details);
}

describe('the state machine', () => {
  it('leads nowhere that its table does not say', () => {
    for (const type of signalTypes) {
      for (const state of connectionStates) {
        expect(nextState(state, type)).toBe(moves[type][state] ?? state);
      }
    }
  });

  it.each(signalTypes)('changes nothing the second time on %s', (type) => {
    for (const state of connectionStates) {
      const once = nextState(state, type);
      expect(nextState(once, type)).toBe(once);
    }
  });

  it.each<[SignalType, ConnectionState, ConnectionState]>([
    ['consented', 'pending', 'verifying'],
    ['consented', 'needs_reconsent', 'verifying'],
    ['consented', 'disconnected', 'verifying'],
    ['verified', 'verifying', 'active'],
    ['scopes_missing', 'verifying', 'needs_scopes'],
    ['unavailable', 'active', 'degraded'],
    ['call_succeeded', 'degraded', 'active'],
    ['grant_lost', 'active', 'needs_reconsent'],
    ['grant_lost', 'degraded', 'needs_reconsent'],
    ['policy_blocked', 'active', 'blocked_by_policy'],
    ['disconnected', 'active', 'disconnected'],
  ])('on %s goes from %s to %s', (type, from, to) => {
    expect(nextState(from, type)).toBe(to);
  });

  it.each<[SignalType, ConnectionState]>([
    ['call_succeeded', 'needs_reconsent'],
    ['call_succeeded', 'disconnected'],
    ['unavailable', 'needs_reconsent'],
    ['grant_lost', 'disconnected'],
    ['grant_lost', 'pending'],
    ['verified', 'disconnected'],
  ])('on %s stays %s', (type, state) => {
    expect(nextState(state, type)).toBe(state);
  });
});

describe('a transition', () => {
  it('changes the state with its reason and writes one event', async () => {
    await connectionIn('active');
    const moved = await signal('grant_lost', 'invalid_grant');
    expect(moved).toEqual({ from: 'active', to: 'needs_reconsent', changed: true });
    expect(await record()).toEqual([
      { from: 'active', to: 'needs_reconsent', signal: 'grant_lost', code: 'invalid_grant' },
    ]);
    const { rows } = await database.owner.query(
      'select state, state_reason from connections where id = $1',
      [connectionId],
    );
    expect(rows[0]).toEqual({
      state: 'needs_reconsent',
      state_reason: expect.stringContaining('no longer accepts'),
    });
  });

  it('writes one event however many send the signal at once', async () => {
    await connectionIn('active');
    await Promise.all(Array.from({ length: 10 }, () => signal('unavailable')));
    expect(await record()).toHaveLength(1);
  });

  it('that changes nothing writes no event', async () => {
    await connectionIn('disconnected');
    expect(await signal('grant_lost')).toMatchObject({ changed: false });
    expect(await record()).toEqual([]);
  });

  it('is undone with its event when the transaction is', async () => {
    await connectionIn('active');
    const undone = withTenant(context, async (tx) => {
      await transition(tx, context, connectionId, { type: 'unavailable' });
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect(await record()).toEqual([]);
  });

  it('of another tenant’s connection is as if it did not exist', async () => {
    await connectionIn('active');
    const stranger = await testMember(database);
    const foreign = withTenant(stranger, (tx) =>
      transition(tx, stranger, connectionId, { type: 'disconnected' }),
    );
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
    expect(await record()).toEqual([]);
  });
});

describe('a failed call', () => {
  const expected: Readonly<Record<ProviderFailureKind, SignalType | null>> = {
    throttled: null,
    temporarily_unavailable: 'unavailable',
    token_rejected: 'grant_lost',
    needs_reconsent: 'grant_lost',
    needs_scopes: 'scopes_missing',
    blocked_by_policy: 'policy_blocked',
    app_fault: null,
    forbidden: null,
    not_found: null,
    conflict: null,
    invalid_request: null,
    invalid_response: null,
  };

  const way = { authority: 'delegated', scopes: [] } as const;

  it.each(providerFailureKinds)('that was %s says of the connection what it should', (kind) => {
    const failure = { kind, status: 400, code: 'x', retryAfterSeconds: 1, missing: [] } as never;
    const signalled = signalOf(new ProviderError('google', 'gmail.x', failure), way, []);
    expect(signalled?.type ?? null).toBe(expected[kind]);
  });
});
