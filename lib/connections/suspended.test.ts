import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { providerClient } from './client';
import { discoverAgain } from './discovery-request';
import { connect, testGoogle, testMember } from './testing';

const account = 'olivia@northwind.example';
const google = testGoogle({ seed: { amounts: { [account]: { messages: 3, files: 3 } } } });
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
  connectionId = await connect(context, account);
});
beforeEach(async () => {
  await put('active');
  google.clearRequests();
});

const put = (state: string) =>
  database.owner.query('update tenants set state = $1 where id = $2', [state, context.tenantId]);

it.each(['suspended', 'deleting'])(
  'nothing is called for an organisation that is %s',
  async (state) => {
    await put(state);
    await expect(providerClient(context, connectionId)).rejects.toThrow('suspended');
    await expect(discoverAgain(context, connectionId)).rejects.toMatchObject({ code: 'conflict' });
    expect(google.requests()).toEqual([]);
  },
);

it('work under way stops at its next call, and goes on once the organisation is back', async () => {
  const client = await providerClient(context, connectionId);
  await client.mail?.findLabel('Inbox');
  google.clearRequests();
  await put('suspended');
  await expect(client.mail?.findLabel('Inbox')).rejects.toMatchObject({
    name: 'RetryLater',
  });
  expect(google.requests()).toEqual([]);
  await put('active');
  expect(await client.mail?.findLabel('Inbox')).toBeDefined();
});
