import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, engine, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { Relay } from '@/lib/jobs';
import { eventually, runEngine } from '@/lib/jobs/testing/harness';
import type { Grant } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { loadCredential, storeRefreshed } from './credentials';
import { disconnect } from './disconnect';
import { giveBack, heldConnections } from './give-back';
import { isLeft, takeBack } from './revoke';
import { grantRevocation } from './revoke-functions';
import { connect, testGoogle, testMember, testWay } from './testing';

const olivia = 'olivia@northwind.example';
const google = testGoogle({ seed: { amounts: { [olivia]: { messages: 2, files: 2 } } } });
const database = testDatabase();
let context: MemberContext;
let id: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  google.clearFaults();
  await database.owner.query('delete from connections');
  await database.owner.query('truncate audit_events');
  id = await connect(context);
  google.clearRequests();
});

const credential = () => withTenant(context, (tx) => loadCredential(tx, context, id));
const record = async () => {
  const { rows } = await database.owner.query<Record<string, unknown>>(
    `select action, outcome, details->'revoked' as revoked from audit_events
      where connection_id = $1 and action in ('connection.disconnected', 'connection.revoked')
      order by id`,
    [id],
  );
  return rows;
};
const revocations = () => google.requests({ path: '/revoke' }).map(({ status }) => status);
const unanswered = { path: '/revoke', status: 503 };
/** Disconnected, and the provider did not answer. */
async function left(): Promise<Grant> {
  const held = await credential();
  google.fault({ ...unanswered, times: 1 });
  await disconnect(context, id, olivia);
  return held?.grant as Grant;
}

describe('a grant that the provider did not take back at once', () => {
  it('is neither found nor taken back in another tenant’s name', async () => {
    const grant = await left();
    const other = await testMember(database);
    await expect(isLeft(other, id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(takeBack(other, id, { last: true })).rejects.toMatchObject({ code: 'not_found' });
    expect(revocations()).toEqual([503]);
    expect((await credential())?.grant).toEqual(grant);
  });

  it('is kept, and taken back by a later attempt; both are on record', async () => {
    const grant = await left();
    expect((await credential())?.grant).toEqual(grant);
    expect(await takeBack(context, id)).toEqual({ revoked: true });
    expect(revocations()).toEqual([503, 200]);
    expect(await credential()).toBeNull();
    await expect(testWay().oauth().refresh(grant)).rejects.toMatchObject({
      kind: 'needs_reconsent',
    });
    expect(await record()).toEqual([
      { action: 'connection.disconnected', outcome: 'success', revoked: false },
      { action: 'connection.revoked', outcome: 'success', revoked: 'with_last_use' },
    ]);
    expect(await takeBack(context, id)).toBeNull();
  });

  it('is forgotten after the last attempt, which says that it failed', async () => {
    await left();
    google.fault(unanswered);
    expect(await takeBack(context, id)).toEqual({ revoked: false, again: true });
    expect(await record()).toHaveLength(1);
    expect(await takeBack(context, id, { last: true })).toEqual({ revoked: false });
    expect(await credential()).toBeNull();
    expect((await record()).at(-1)).toEqual({
      ...{ action: 'connection.revoked', outcome: 'failure', revoked: false },
    });
  });

  it('is left alone once the account is connected again', async () => {
    await left();
    await database.owner.query(`update connections set state = 'active' where id = $1`, [id]);
    expect(await takeBack(context, id)).toBeNull();
    expect(revocations()).toEqual([503]);
    expect(await credential()).not.toBeNull();
  });

  it('that a refresh under way has renewed meanwhile is taken back as it is now', async () => {
    const old = await credential();
    if (!old) throw new Error('nothing is held');
    google.fault({ path: '/revoke', delay: 15_000, times: 1 });
    const disconnecting = disconnect(context, id, olivia);
    await eventually(async () => {
      const faults = await fetch(`${google.url}/__faults`);
      expect(await faults.json()).toMatchObject([{ fired: 1 }]);
    });
    const renewed = { ...old, refreshToken: 'renewed', expiresAt: new Date(), scopes: [] };
    await withTenant(context, (tx) => storeRefreshed(tx, context, id, old, renewed, ''));
    google.clearFaults();
    expect(await disconnecting).toEqual({ kept: true, revoked: true });
    expect(revocations()).toHaveLength(2);
    expect(await credential()).toBeNull();
  });

  it('is given back when its organisation is deleted', async () => {
    await left();
    expect(await heldConnections(context)).toEqual([id]);
    expect(await giveBack(context, id)).toMatchObject({ revoked: true });
    expect(await heldConnections(context)).toEqual([]);
  });

  it('is asked for by a job, which ends with it', async () => {
    await left();
    const relay = new Relay(50);
    await runEngine([grantRevocation]);
    relay.start();
    try {
      await eventually(async () => {
        // The pause before the attempt is over.
        const store = engine.engineStore();
        await store.query(`update engine.steps set due_at = now() where kind = 'sleep'`);
        await store.query(`update engine.runs set wake_at = now() where wake_at > now()`);
        expect(await credential()).toBeNull();
      });
    } finally {
      await relay.stop();
    }
    expect((await record()).at(-1)).toMatchObject({
      ...{ action: 'connection.revoked', outcome: 'success' },
    });
  });
});
