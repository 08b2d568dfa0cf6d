import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConnectionId, newId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { ProviderClient } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { attemptLimit, type EffectRequest, leaveUnclear } from './effect-ledger';
import { performEffect, type Reconcile } from './effects';
import { connect, testGoogle, testMember } from './testing';
import { runStepOn } from './testing/run-step';

const account = 'olivia@northwind.example';
const google = testGoogle({ seed: { amounts: { [account]: { messages: 3, files: 3 } } } });
const database = testDatabase();
const sendPath = '/gmail/v1/users/me/messages/send';
let context: MemberContext;
let connectionId: ConnectionId;
let request: EffectRequest;
let messageId: string;

beforeAll(async () => {
  context = await testMember(database);
  connectionId = await connect(context);
});
beforeEach(async () => {
  google.clearFaults();
  google.clearRequests();
  messageId = `<${newId()}@tenantry.example>`;
  request = {
    ...(await runStepOn(context, connectionId)),
    idempotencyKey: newId(),
    action: 'mail.send',
    target: messageId,
  };
});

const message = () => ({ to: ['a@example.com'], subject: 'Hello', text: 'There', messageId });
async function send(client: ProviderClient) {
  const sent = await client.mail?.send(message());
  return { reference: sent?.id ?? null };
}
const look: Reconcile = async (client) => {
  const sent = await client.mail?.findSentByMessageId(messageId);
  return sent ? { was: 'done', result: { reference: sent.id } } : { was: 'not_done' };
};
const perform = (reconcile: Reconcile = look, attempt = send) =>
  performEffect(context, connectionId, request, attempt, reconcile);

/** How often the message is at the provider: the truth. */
async function arrived(): Promise<number> {
  const id = messageId.slice(1, -1);
  const answer = await fetch(`${google.url}/__mail?account=${account}&q=rfc822msgid:${id}`);
  return ((await answer.json()) as unknown[]).length;
}
async function effect() {
  const { rows } = await database.owner.query<{ id: string; state: string; audit: string[] }>(
    `select e.id, e.state, array(select a.action from audit_events a
       where a.target_id = e.id::text order by a.id) as audit
     from effects e where idempotency_key = $1`,
    [request.idempotencyKey],
  );
  return rows[0];
}
/** As a process leaves it that dies after its intent, so long ago. */
async function crashed(millisecondsAgo: number, sent: boolean): Promise<void> {
  await perform(look, async (client) => {
    const result = sent ? await send(client) : { reference: null };
    return result;
  });
  await database.owner.query(
    `update effects set state = 'intended', provider_reference = null, finished_at = null,
       outcome = jsonb_build_object('begunAt', $2::text) where idempotency_key = $1`,
    [request.idempotencyKey, new Date(Date.now() - millisecondsAgo).toISOString()],
  );
  google.clearRequests();
}
const sends = () => google.requests({ path: sendPath }).length;

describe('an effect', () => {
  it('has its intent on record before it is sent, and its outcome after', async () => {
    const done = await perform(look, async (client) => {
      expect(await effect()).toMatchObject({ state: 'intended', audit: ['effect.intended'] });
      return send(client);
    });
    expect(done).toMatchObject({ replayed: false, reference: expect.any(String) });
    expect(await effect()).toMatchObject({
      state: 'done',
      audit: ['effect.intended', 'effect.done'],
    });
    expect(await arrived()).toBe(1);
  });

  it('that is done gives its outcome again without a call', async () => {
    const first = await perform();
    google.clearRequests();
    expect(await perform()).toEqual({ ...first, outcome: {}, replayed: true });
    expect(google.requests()).toEqual([]);
    expect(await arrived()).toBe(1);
  });

  it('is made once however many ask at the same time', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => perform()));
    const fulfilled = results.filter(({ status }) => status === 'fulfilled');
    const waiting = results.filter(
      (result) => result.status === 'rejected' && result.reason.name === 'RetryLater',
    );
    expect(fulfilled.length + waiting.length).toBe(8);
    expect(fulfilled.length).toBeGreaterThan(0);
    expect(await arrived()).toBe(1);
  });

  it('that the provider refuses is on record as not made, and may be tried again', async () => {
    google.fault({ path: sendPath, status: 403, times: 1, body: { error: { code: 403 } } });
    await expect(perform()).rejects.toMatchObject({ kind: 'forbidden' });
    expect(await effect()).toMatchObject({
      state: 'failed',
      audit: ['effect.intended', 'effect.failed'],
    });
    await perform();
    expect(await effect()).toMatchObject({
      state: 'done',
      audit: ['effect.intended', 'effect.failed', 'effect.intended', 'effect.done'],
    });
    expect(await arrived()).toBe(1);
  });
});

describe('an attempt that took too long before it could send', () => {
  it('sends nothing and comes back later', async () => {
    const late = perform(look, async (client) => {
      // As if the wait for a token had taken all the time there was.
      vi.setSystemTime(Date.now() + attemptLimit);
      return send(client);
    });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    try {
      await expect(late).rejects.toMatchObject({ name: 'RetryLater' });
    } finally {
      vi.useRealTimers();
    }
    expect(sends()).toBe(0);
    expect(await effect()).toMatchObject({ state: 'failed' });
    await perform();
    expect(await arrived()).toBe(1);
  });
});

describe('an effect whose answer was lost', () => {
  it('is found at the provider and not sent again', async () => {
    google.fault({ path: sendPath, when: 'after', reset: true, times: 1 });
    expect(await perform()).toMatchObject({ replayed: true, reference: expect.any(String) });
    expect(sends()).toBe(1);
    expect(await arrived()).toBe(1);
    expect(await effect()).toMatchObject({ state: 'done' });
  });

  it('and that never arrived is on record as not made', async () => {
    google.fault({ path: sendPath, reset: true, times: 1 });
    await expect(perform()).rejects.toMatchObject({ ambiguous: true });
    expect(await effect()).toMatchObject({ state: 'failed' });
    await perform();
    expect(await arrived()).toBe(1);
  });

  it('stays open while the provider cannot be asked, and is looked up later', async () => {
    google.fault({ path: sendPath, when: 'after', status: 503, body: '' });
    google.fault({ path: '/gmail/v1/users/me/messages', status: 503, body: '' });
    await expect(perform()).rejects.toMatchObject({ ambiguous: true });
    expect(await effect()).toMatchObject({ state: 'intended' });
    google.clearFaults();
    await database.owner.query(
      `update effects set outcome = jsonb_build_object('begunAt', now() - interval '1 hour')
       where idempotency_key = $1`,
      [request.idempotencyKey],
    );
    expect(await perform()).toMatchObject({ replayed: true });
    expect(await arrived()).toBe(1);
  });

  it('and that nobody can clear up is parked and never sent again', async () => {
    google.fault({ path: sendPath, when: 'after', status: 503, body: '', times: 1 });
    const unclear: Reconcile = async () => ({ was: 'unclear' });
    await expect(perform(unclear)).rejects.toMatchObject({ name: 'EffectUnclear' });
    expect(await effect()).toMatchObject({
      state: 'unclear',
      audit: ['effect.intended', 'effect.unclear'],
    });
    await expect(perform()).rejects.toMatchObject({ name: 'EffectUnclear' });
    expect(sends()).toBe(1);
  });
});

describe('after a crash', () => {
  it('an effect that got through is found and not sent again', async () => {
    await crashed(attemptLimit + 1, true);
    expect(await perform()).toMatchObject({ replayed: true });
    expect(sends()).toBe(0);
    expect(await arrived()).toBe(1);
  });

  it('an effect that did not is sent', async () => {
    await crashed(attemptLimit + 1, false);
    expect(await perform()).toMatchObject({ replayed: false });
    expect(await arrived()).toBe(1);
  });

  it('one that may be under way elsewhere is left alone for a while', async () => {
    await crashed(1_000, false);
    // Thirty seconds, less the one that went by and what the test itself took.
    const rest = expect.toSatisfy((seconds: number) => seconds > 0 && seconds <= 29);
    await expect(perform()).rejects.toMatchObject({ name: 'RetryLater', seconds: rest });
    expect(google.requests()).toEqual([]);
  });

  it('one that is safe to repeat is repeated at once', async () => {
    await crashed(1_000, false);
    expect(await perform('safe_to_repeat')).toMatchObject({ replayed: false });
    expect(await arrived()).toBe(1);
  });

  it('one that is looked at by two at once is sent by one of them', async () => {
    await crashed(attemptLimit + 1, false);
    const results = await Promise.allSettled([perform(), perform()]);
    const sent = results.filter((one) => one.status === 'fulfilled' && !one.value.replayed);
    expect(sent).toHaveLength(1);
    expect(await arrived()).toBe(1);
  });
});

describe('an effect whose connection breaks before anything is sent', () => {
  it('was not made, and the record says so', async () => {
    // The token is over and consent was withdrawn: the first call finds that out.
    const own = await connect(context, 'victor@northwind.example');
    const mine = { ...request, ...(await runStepOn(context, connectionId)) };
    await database.owner.query(
      'update credentials set access_expires_at = now() where connection_id = $1',
      [own],
    );
    const change = performEffect(
      context,
      own,
      mine,
      async (client) => {
        await database.owner.query(
          `update connections set state = 'needs_reconsent', state_reason = 'Withdrawn.' where id = $1`,
          [own],
        );
        await client.mail?.findLabel('x');
        return { reference: null };
      },
      async () => ({ was: 'unclear' }),
    );
    await expect(change).rejects.toMatchObject({ name: 'ConnectionUnusable' });
    const { rows } = await database.owner.query(
      'select state, outcome from effects where idempotency_key = $1',
      [mine.idempotencyKey],
    );
    expect(rows).toMatchObject([{ state: 'failed', outcome: { state: 'needs_reconsent' } }]);
  });
});

describe('an effect that a run leaves open when it ends', () => {
  it('is unclear, once, with its event', async () => {
    await crashed(attemptLimit + 1, false);
    const end = () => withTenant(context, (tx) => leaveUnclear(tx, context, request.runId));
    await end();
    await end();
    const { state, audit } = (await effect()) as { state: string; audit: string[] };
    expect(state).toBe('unclear');
    expect(audit.filter((action) => action === 'effect.unclear')).toHaveLength(1);
  });
});
