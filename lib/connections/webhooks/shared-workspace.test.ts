import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import { connectWorkspace } from '@/emulators/slack/testing';
import type { MemberContext } from '@/lib/tenancy';
import { disconnect, providerClient } from '..';
import { testMember } from '../testing';
import { connectSlack, testSlack } from './testing';

const slack = testSlack();
const database = testDatabase();
const elsewhere = 'http://localhost:3000';
const name = 'Northwind Traders';
let [one, two] = [] as unknown as [MemberContext, MemberContext];

beforeEach(async () => {
  [one, two] = [await testMember(database), await testMember(database)];
  await database.owner.query('delete from connections');
  slack.clearFaults();
  slack.clearRequests();
});

const works = async (context: MemberContext, id: ConnectionId) => {
  // The token at hand may outlive the grant; a fresh one does not.
  slack.expire('northwind');
  const client = await providerClient(context, id);
  return (await client.channelAdministration?.find('general')) !== null;
};

const revocations = () => slack.requests({ path: '/api/auth.revoke' });

/** Everything that the tenant can see of a disconnection. */
async function seen(context: MemberContext, id: ConnectionId, workspace: string) {
  slack.clearRequests();
  const answer = await disconnect(context, id, workspace);
  const { rows: audit } = await database.owner.query(
    `select action, outcome, details from audit_events where connection_id = $1
     and action = 'connection.disconnected'`,
    [id],
  );
  const { rows: calls } = await database.owner.query(
    `select method, path, status from provider_calls where connection_id = $1
     and path like '%auth.revoke'`,
    [id],
  );
  return { answer, audit, calls, posts: revocations().length };
}

describe('disconnecting a workspace that another organisation uses too', () => {
  it('leaves theirs working', async () => {
    const mine = await connectSlack(one, slack, elsewhere);
    const theirs = await connectSlack(two, slack, elsewhere);
    expect(await disconnect(one, mine, name)).toEqual({ kept: true, revoked: true });
    await expect(works(two, theirs)).resolves.toBe(true);
  });

  it('ends the grant with the last of them', async () => {
    const mine = await connectSlack(one, slack, elsewhere);
    const theirs = await connectSlack(two, slack, elsewhere);
    const { oauth, tokens } = await connectWorkspace(slack, 'northwind');
    await disconnect(one, mine, name);
    await expect(oauth.account(tokens.accessToken)).resolves.toBeDefined();
    await disconnect(two, theirs, name);
    expect(revocations()).toHaveLength(2);
    await expect(oauth.account(tokens.accessToken)).rejects.toMatchObject({
      failure: { code: 'account_inactive' },
    });
  });

  it('looks just like disconnecting one that nobody else uses', async () => {
    await connectSlack(two, slack, elsewhere);
    const shared = await seen(one, await connectSlack(one, slack, elsewhere), name);
    const fabrikam = await connectSlack(one, slack, elsewhere, 'fabrikam');
    const alone = await seen(one, fabrikam, 'Fabrikam');
    expect(shared).toEqual(alone);
    expect(shared).toMatchObject({ answer: { kept: true, revoked: true }, posts: 1, calls: [] });
  });
});
