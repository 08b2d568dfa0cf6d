import { beforeAll, beforeEach, expect, it } from 'vitest';
import { type ConnectionId, newId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { providerClient } from './client';
import { plainReason } from './job-errors';
import { testMember } from './testing';
import { connectTo, standing, testProviders } from './testing/world';

/** What nobody was asked for is missing: a call of an automation, not the connection. */
testProviders('slack');
const database = testDatabase();
let context: MemberContext;
let id: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  await database.owner.query('delete from connections');
});
const outsideChannel = async () => {
  const client = await providerClient(context, id);
  const channelId = (await client.channelAdministration?.find('sales'))?.id ?? '';
  return { post: () => client.channels?.post({ channelId, text: 'Hi', key: newId() }) };
};

it('a post to a channel that we may not join says which permission it takes, each time', async () => {
  id = await connectTo(context, 'slack', 'application', 'channels:join');
  const { post } = await outsideChannel();
  for (const _ of [1, 2]) {
    const refused: unknown = await post()?.catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'needs_scopes', failure: { code: 'missing_scope' } });
    expect(plainReason(refused)).toContain('“Join public channels”. Allow it on the connection’s');
    expect(await standing(database, id)).toMatchObject({ state: 'active', moves: 0 });
  }
});

it('and goes through once it was allowed', async () => {
  id = await connectTo(context, 'slack');
  const { post } = await outsideChannel();
  expect(await post()).toMatchObject({ id: expect.any(String) });
});
