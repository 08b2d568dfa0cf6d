import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { eventually } from '@/lib/jobs/testing/harness';
import { createConsentLink } from './consent-links';
import { disconnect } from './disconnect';
import { testGoogle, testMember } from './testing';
import { Flows } from './testing/consent';

const olivia = 'olivia@northwind.example';
const few = { messages: 2, files: 2 };
const google = testGoogle({ seed: { amounts: { [olivia]: few } } });
const database = testDatabase();
let flows: Flows;

beforeAll(async () => {
  flows = new Flows(database, await testMember(database));
});
beforeEach(async () => {
  google.clearFaults();
  await flows.reset();
});

describe('disconnecting', () => {
  it('takes the grant back, deletes the credential and keeps the history', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    google.clearRequests();
    expect(await disconnect(flows.context, connectionId as ConnectionId, olivia)).toEqual({
      kept: true,
      revoked: true,
    });
    expect(google.requests({ path: '/revoke' })).toHaveLength(1);
    expect(await flows.connection(connectionId)).toMatchObject({
      state: 'disconnected',
      generation: null,
      account_email: olivia,
    });
    expect((await flows.record()).slice(-2)).toEqual([
      'connection.state_changed disconnected',
      'connection.disconnected',
    ]);
  });

  it('withdraws the links that are out', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    await withTenant(flows.context, (tx) =>
      createConsentLink(tx, flows.context, {
        connectionId: connectionId as ConnectionId,
        purpose: 'reconsent',
        forEmail: 'admin@northwind.example',
        expiresAt: new Date(Date.now() + 60_000),
      }),
    );
    await disconnect(flows.context, connectionId as ConnectionId, olivia);
    const { rows } = await database.owner.query(
      'select revoked_at from consent_links where connection_id = $1',
      [connectionId],
    );
    expect(rows).toEqual([{ revoked_at: expect.any(Date) }]);
  });

  it('ends the count of consents for nobody: what was sealed before fits no later place', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    await disconnect(flows.context, connectionId as ConnectionId, olivia);
    await flows.consent(await flows.reconnect(connectionId), { email: olivia });
    expect(await flows.connection(connectionId)).toMatchObject({ generation: 2 });
  });

  it('wants the account typed', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    const attempt = disconnect(flows.context, connectionId as ConnectionId, 'yes');
    await expect(attempt).rejects.toMatchObject({
      code: 'invalid_input',
      fields: { confirmation: expect.stringContaining(olivia) },
    });
    expect(await flows.connection(connectionId)).toMatchObject({ state: 'active' });
  });

  it('ends access here also when the provider does not answer, and says so', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    google.fault({ path: '/revoke', status: 503 });
    expect(await disconnect(flows.context, connectionId as ConnectionId, olivia)).toEqual({
      kept: true,
      revoked: false,
      again: true,
    });
    expect(await flows.connection(connectionId)).toMatchObject({ state: 'disconnected' });
  });

  it('leaves a consent alone that comes while the provider is asked', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    google.fault({ path: '/revoke', delay: 15_000 });
    const disconnecting = disconnect(flows.context, connectionId as ConnectionId, olivia);
    await eventually(async () => {
      expect(await flows.connection(connectionId)).toMatchObject({ state: 'disconnected' });
    });
    await flows.consent(await flows.reconnect(connectionId), { email: olivia });
    google.clearFaults();
    expect(await disconnecting).toMatchObject({ kept: true });
    expect(await flows.connection(connectionId)).toMatchObject({ state: 'active', generation: 2 });
  });

  it('twice writes one event', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    await disconnect(flows.context, connectionId as ConnectionId, olivia);
    await disconnect(flows.context, connectionId as ConnectionId, olivia);
    const events = (await flows.record()).filter((line) => line === 'connection.disconnected');
    expect(events).toHaveLength(1);
  });

  it('can be followed by connecting again', async () => {
    const { connectionId } = await flows.consent(await flows.start(), { email: olivia });
    await disconnect(flows.context, connectionId as ConnectionId, olivia);
    const again = await flows.consent(await flows.reconnect(connectionId), { email: olivia });
    expect(again).toMatchObject({ outcome: 'connected', connectionId });
  });

  it('a connection that never had an account leaves nothing but its record', async () => {
    const { connectionId } = await flows.start();
    const confirmation = 'Google Workspace';
    expect(await disconnect(flows.context, connectionId, confirmation)).toEqual({ kept: false });
    expect(await flows.count('connections')).toBe(0);
    expect((await flows.record()).at(-1)).toBe('connection.disconnected');
  });
});
