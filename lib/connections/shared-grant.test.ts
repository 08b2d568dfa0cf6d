import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { providerClient } from './client';
import { disconnect } from './disconnect';
import { connect, testGoogle, testMember } from './testing';

const olivia = 'olivia@northwind.example';
const victor = 'victor@northwind.example';
const google = testGoogle({ seed: { amounts: { [olivia]: { messages: 2, files: 2 } } } });
const database = testDatabase();
let [one, two] = [] as MemberContext[] as [MemberContext, MemberContext];

beforeAll(async () => {
  [one, two] = [await testMember(database), await testMember(database)];
});
beforeEach(async () => {
  google.clearFaults();
  await database.owner.query('delete from connections');
  await database.owner.query('truncate audit_events');
  google.clearRequests();
});

const works = async (context: MemberContext, id: ConnectionId) => {
  const client = await providerClient(context, id);
  // The token at hand may outlive the grant; a fresh one does not.
  google.expire(olivia);
  return client.mail?.findLabel('x');
};

/** Everything that the tenant can see of a disconnection. */
async function seen(context: MemberContext, id: ConnectionId, account: string) {
  google.clearRequests();
  const answer = await disconnect(context, id, account);
  const { rows: audit } = await database.owner.query(
    `select action, outcome, details from audit_events where connection_id = $1
     and action = 'connection.disconnected'`,
    [id],
  );
  const { rows: calls } = await database.owner.query(
    'select method, path, status from provider_calls where connection_id = $1 and path = $2',
    [id, '/revoke'],
  );
  return { answer, audit, calls, posts: google.requests({ path: '/revoke' }).length };
}

describe('disconnecting an account that another organisation uses too', () => {
  it('leaves theirs working', async () => {
    const mine = await connect(one);
    const theirs = await connect(two);
    await disconnect(one, mine, olivia);
    await expect(works(two, theirs)).resolves.toBeNull();
  });

  it('ends the grant with the last of them', async () => {
    const mine = await connect(one);
    const theirs = await connect(two);
    await disconnect(one, mine, olivia);
    await disconnect(two, theirs, olivia);
    const revocations = google.requests({ path: '/revoke' }).map(({ status }) => status);
    expect(revocations).toEqual([400, 200]);
  });

  it('looks just like disconnecting one that nobody else uses', async () => {
    await connect(two);
    const shared = await seen(one, await connect(one), olivia);
    const alone = await seen(one, await connect(one, victor), victor);
    expect(shared).toEqual(alone);
    expect(shared).toMatchObject({ answer: { kept: true, revoked: true }, posts: 1, calls: [] });
  });

  it('is the same also when Google does not answer', async () => {
    await connect(two);
    google.fault({ path: '/revoke', status: 503 });
    const shared = await seen(one, await connect(one), olivia);
    const alone = await seen(one, await connect(one, victor), victor);
    expect(shared).toEqual(alone);
    expect(shared.answer).toEqual({ kept: true, revoked: false, again: true });
  });

  it('counts for nothing once theirs is disconnected', async () => {
    const theirs = await connect(two);
    await disconnect(two, theirs, olivia);
    google.clearRequests();
    await disconnect(one, await connect(one), olivia);
    expect(google.requests({ path: '/revoke' }).map(({ status }) => status)).toEqual([200]);
  });
});
