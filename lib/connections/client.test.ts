import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, newId, type RunId, type RunStepId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { providerClient } from './client';
import { connect, testGoogle, testMember } from './testing';

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

const labels = '/gmail/v1/users/me/labels';
const getLabel = async () => {
  const client = await providerClient(context, connectionId);
  return client.mail?.findLabel('Nothing of the sort');
};
async function calls() {
  const { rows } = await database.owner.query<Record<string, unknown>>(
    `select method, path, status, outcome, attempt, run_id, run_step_id from provider_calls
     where connection_id = $1 order by id`,
    [connectionId],
  );
  return rows;
}
async function stateNow(): Promise<string> {
  const { rows } = await database.owner.query<{ state: string }>(
    'select state from connections where id = $1',
    [connectionId],
  );
  return rows[0]?.state ?? 'absent';
}

describe('a call', () => {
  it('is on record as soon as its answer is here, with the run it belongs to', async () => {
    const runId = newId<RunId>();
    const runStepId = newId<RunStepId>();
    const client = await providerClient({ ...context, runId }, connectionId, { runStepId });
    await client.mail?.findLabel('x');
    expect(await calls()).toEqual([
      {
        method: 'GET',
        path: labels,
        status: 200,
        outcome: 'ok',
        attempt: 1,
        run_id: runId,
        run_step_id: runStepId,
      },
    ]);
  });

  it('is on record without what was searched for', async () => {
    const client = await providerClient(context, connectionId);
    for await (const page of client.mail?.searchMessages({ query: 'from:secret@x' }) ?? []) {
      expect(page).toBeDefined();
    }
    const text = JSON.stringify(await calls());
    expect(text).toContain('/gmail/v1/users/me/messages');
    expect(text).not.toContain('secret');
  });

  it('is on record also when many are made at once', async () => {
    const client = await providerClient(context, connectionId);
    await Promise.all(Array.from({ length: 30 }, () => client.mail?.findLabel('x')));
    expect(await calls()).toHaveLength(30);
  });

  it('notes when the connection was last used', async () => {
    await getLabel();
    const { rows } = await database.owner.query<{ used: boolean }>(
      `select last_used_at > now() - interval '1 minute' as used from connections where id = $1`,
      [connectionId],
    );
    expect(rows[0]?.used).toBe(true);
  });

  it('takes from the budget of its account', async () => {
    await getLabel();
    const { rows } = await database.owner.query<{ tokens: number }>(
      'select tokens from provider_budgets where connection_id = $1',
      [connectionId],
    );
    expect(rows[0]?.tokens).toBe(2_999);
  });
});

describe('a call that fails', () => {
  it('for a moment is repeated and leaves the connection alone', async () => {
    google.fault({ path: labels, status: 503, times: 2 });
    await getLabel();
    expect((await calls()).map(({ status, attempt }) => [status, attempt])).toEqual([
      [503, 1],
      [503, 2],
      [200, 3],
    ]);
    expect(await stateNow()).toBe('active');
  });

  it('for longer makes the connection unsteady, and the next that works makes it well', async () => {
    google.fault({ path: labels, status: 500, times: 3 });
    await expect(getLabel()).rejects.toMatchObject({ kind: 'temporarily_unavailable' });
    expect(await stateNow()).toBe('degraded');
    await getLabel();
    expect(await stateNow()).toBe('active');
  });

  it('without an answer is on record as such', async () => {
    google.fault({ path: labels, reset: true });
    await expect(getLabel()).rejects.toMatchObject({ kind: 'temporarily_unavailable' });
    expect((await calls()).map(({ status, outcome }) => [status, outcome])).toEqual(
      Array.from({ length: 3 }, () => [null, 'no_answer']),
    );
  });

  it('and changes something is not repeated', async () => {
    google.fault({ path: '/gmail/v1/users/me/messages/send', when: 'after', status: 503 });
    const client = await providerClient(context, connectionId);
    const message = {
      to: ['a@example.com'],
      subject: 's',
      text: 't',
      messageId: '<one@tenantry.example>',
    };
    await expect(client.mail?.send(message)).rejects.toMatchObject({ ambiguous: true });
    expect(google.requests({ path: '/gmail/v1/users/me/messages/send' })).toHaveLength(1);
  });

  it('with 401 is made once more with a new token', async () => {
    google.expire(account);
    await getLabel();
    expect((await calls()).map(({ path, status }) => [path, status])).toEqual([
      [labels, 401],
      ['/token', 200],
      [labels, 200],
    ]);
    expect(await stateNow()).toBe('active');
  });

  it('with 401 again asks for consent', async () => {
    google.fault({ path: labels, status: 401, body: {} });
    await expect(getLabel()).rejects.toMatchObject({ kind: 'token_rejected' });
    expect(google.requests({ path: '/token' })).toHaveLength(1);
    expect(await stateNow()).toBe('needs_reconsent');
  });

  it('because consent was withdrawn asks for it, and further calls do not reach the provider', async () => {
    google.revoke(account);
    await expect(getLabel()).rejects.toMatchObject({ name: 'ProviderError' });
    expect(await stateNow()).toBe('needs_reconsent');
    google.clearRequests();
    await expect(getLabel()).rejects.toMatchObject({ name: 'ConnectionUnusable' });
    expect(google.requests()).toEqual([]);
  });

  it('for a missing permission says so', async () => {
    const body = { error: { code: 403, errors: [{ reason: 'insufficientPermissions' }] } };
    google.fault({ path: labels, status: 403, body });
    await expect(getLabel()).rejects.toMatchObject({ kind: 'needs_scopes' });
    expect(await stateNow()).toBe('needs_scopes');
  });
});

describe('a provider that asks to slow down', () => {
  it('for a second is obeyed at once', async () => {
    google.fault({ path: labels, status: 429, headers: { 'retry-after': '1' }, times: 1 });
    const started = performance.now();
    await getLabel();
    expect(performance.now() - started).toBeGreaterThan(900);
    expect((await calls()).map(({ status }) => status)).toEqual([429, 200]);
  });

  it('for a minute is obeyed by all processes, which come back later', async () => {
    google.fault({ path: labels, status: 429, headers: { 'retry-after': '60' }, times: 1 });
    await expect(getLabel()).rejects.toMatchObject({ name: 'RetryLater', seconds: 60 });
    await expect(getLabel()).rejects.toMatchObject({ name: 'RetryLater' });
    expect(google.requests()).toHaveLength(1);
    expect(await stateNow()).toBe('active');
  });

  it('by 403 with a reason is understood', async () => {
    const body = { error: { code: 403, errors: [{ reason: 'userRateLimitExceeded' }] } };
    google.fault({ path: labels, status: 403, body, times: 1 });
    await expect(getLabel()).rejects.toMatchObject({ name: 'RetryLater' });
    await expect(getLabel()).rejects.toMatchObject({ name: 'RetryLater' });
    expect(google.requests()).toHaveLength(1);
  });
});

describe('a connection of another tenant', () => {
  it('is as if it did not exist', async () => {
    const stranger = await testMember(database);
    await expect(providerClient(stranger, connectionId)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(providerClient(stranger, newId<ConnectionId>())).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('tokens', () => {
  it('are in no error and on no record', async () => {
    const { rows: before } = await database.owner.query<{ sealed: string }>(
      'select sealed from credentials',
    );
    google.fault({ path: labels, status: 500 });
    const error = await getLabel().catch((thrown: unknown) => thrown);
    const { rows } = await database.owner.query<{ dump: string }>(
      `select (select string_agg(p::text, '') from provider_calls p)
        || (select string_agg(a::text, '') from audit_events a)
        || (select string_agg(c::text, '') from credentials c) as dump`,
    );
    const told = `${rows[0]?.dump}${String(error)}${JSON.stringify(error)}${
      error instanceof Error ? error.stack : ''
    }`;
    expect(told).toContain(before[0]?.sealed);
    expect(told).not.toMatch(/ya29\.|1\/\/|Bearer /);
  });
});
