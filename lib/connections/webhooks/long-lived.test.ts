import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { testMember } from '../testing';
import { connectSlack, testSlack, told } from './testing';

const slack = testSlack({ longLived: true });
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

beforeEach(async () => {
  slack.clearFaults();
  await database.owner.query('delete from connections');
  context = await testMember(database);
  connectionId = await connectSlack(context, slack, 'http://localhost:3000');
  slack.clearRequests();
});

const revoked = () =>
  told(context, connectionId, { kind: 'authority_questioned', event: 'tokens_revoked' });

async function state() {
  const { rows } = await database.owner.query<{ state: string }>(
    'select state from connections where id = $1',
    [connectionId],
  );
  return rows[0]?.state;
}

describe('a notice about a token that nobody renews: Slack is asked whose it is', () => {
  it('and it is still ours: nothing moves', async () => {
    expect(await revoked()).toBe('contradicted');
    expect(await state()).toBe('active');
    expect(slack.requests().map(({ path }) => path)).toEqual(['/api/auth.test']);
  });

  it('and it was revoked: the connection needs consent again', async () => {
    slack.revoke('northwind');
    expect(await revoked()).toBe('confirmed');
    expect(await state()).toBe('needs_reconsent');
  });

  it('and the app was removed: the connection is disconnected', async () => {
    await slack.act('uninstall', 'northwind');
    expect(
      await told(context, connectionId, { kind: 'uninstalled', event: 'app_uninstalled' }),
    ).toBe('confirmed');
    expect(await state()).toBe('disconnected');
  });

  it('and it does not answer: asked again later', async () => {
    slack.fault({ path: '/api/auth.test', status: 503, body: '' });
    await expect(revoked()).rejects.toMatchObject({ name: 'RetryLater' });
    expect(await state()).toBe('active');
  });
});
