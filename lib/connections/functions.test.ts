import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { enqueueJob, inngest, Relay } from '@/lib/jobs';
import { eventually, runEngine } from '@/lib/jobs/testing/harness';
import type { MemberContext } from '@/lib/tenancy';
import { readConnection } from './browse';
import { discoverAgain } from './discovery-request';
import { connectionFunctions } from './functions';
import { connect, testGoogle, testMember } from './testing';

const account = 'olivia@northwind.example';
const google = testGoogle({ seed: { amounts: { [account]: { messages: 2, files: 10 } } } });
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;
let relay: Relay;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  google.clearFaults();
  await database.owner.query('delete from connections');
  connectionId = await connect(context);
  google.clearRequests();
  await runEngine(connectionFunctions);
  relay = new Relay(50);
  relay.start();
});
afterEach(() => relay.stop());

const latest = async () => (await readConnection(context, connectionId)).discovery;
const untilState = (state: string) => expect.poll(async () => (await latest())?.state).toBe(state);

describe('the background function', () => {
  it('discovers what a connection has when it is asked to', async () => {
    await discoverAgain(context, connectionId);
    await untilState('succeeded');
    expect((await latest())?.counts).toMatchObject({ mailbox: 1, file: expect.any(Number) });
  });

  it('goes on with the phase that failed, not from the start', async () => {
    google.fault({ path: '/drive/v3/about', status: 503, times: 3 });
    await discoverAgain(context, connectionId);
    await untilState('succeeded');
    expect(google.requests({ path: '/gmail/v1/users/me/profile' })).toHaveLength(1);
  });

  it('gives up at once, with the reason, when consent is gone', async () => {
    google.revoke(account);
    await discoverAgain(context, connectionId);
    await untilState('failed');
    expect((await latest())?.error).toContain('connect it again');
  });

  it('does not begin again when the event of a finished one is replayed', async () => {
    await discoverAgain(context, connectionId);
    await untilState('succeeded');
    const before = await latest();
    google.clearRequests();
    const { rows } = await database.owner.query<{ id: string }>(
      "select id from jobs where tenant_id = $1 and kind = 'discovery/requested' order by id desc limit 1",
      [context.tenantId],
    );
    const data = { jobId: rows[0]?.id, tenantId: context.tenantId };
    await inngest.send({ id: 'replayed', name: 'discovery/requested', data });
    await eventually(async () => {
      const { rows: runs } = await database.owner.query(
        "select state from engine.runs where event_id = 'replayed'",
      );
      expect(runs).toEqual([{ state: 'completed' }]);
    });
    expect(await latest()).toEqual(before);
    expect(google.requests({})).toHaveLength(0);
  });

  it('takes nothing from an event of another tenant', async () => {
    const stranger = await testMember(database);
    const id = await discoverAgain(stranger, await connect(stranger));
    await withTenant(context, (tx) =>
      enqueueJob(tx, context, { kind: 'discovery/requested', subjectId: id }),
    );
    await discoverAgain(context, connectionId);
    await untilState('succeeded');
    const { rows } = await database.owner.query<{ tenants: number }>(
      `select count(distinct tenant_id)::int as tenants from resources r
       where r.tenant_id <> (select c.tenant_id from connections c where c.id = r.connection_id)`,
    );
    expect(rows[0]?.tenants).toBe(0);
  });
});
