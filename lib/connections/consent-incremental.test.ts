import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import { startConsent } from './consent-start';
import { testGoogle, testMember } from './testing';
import { Flows } from './testing/consent';

const olivia = 'olivia@northwind.example';
const victor = 'victor@northwind.example';
const events = 'https://www.googleapis.com/auth/calendar.events';
const few = { messages: 2, files: 2 };
const google = testGoogle({ seed: { amounts: { [olivia]: few, [victor]: few } } });
const database = testDatabase();
let flows: Flows;
let connectionId: ConnectionId;

beforeAll(async () => {
  flows = new Flows(database, await testMember(database));
});
beforeEach(async () => {
  google.clearFaults();
  google.revoke(olivia);
  await flows.reset();
  const done = await flows.consent(await flows.start(), { email: olivia });
  connectionId = done.connectionId as ConnectionId;
});

const askForMore = () => startConsent(flows.context, { connectionId, scopes: [events] });
const asked = (url: string) => new URL(url).searchParams;
async function scopes(): Promise<string[]> {
  const { rows } = await database.owner.query<{ scopes: string[] }>(
    'select scopes from connections where id = $1',
    [connectionId],
  );
  return rows[0]?.scopes ?? [];
}

describe('a first consent', () => {
  it('asks for nothing that is not needed yet', async () => {
    const { url } = await flows.start();
    expect(asked(url).get('scope')).not.toContain(events);
    expect(asked(url).has('include_granted_scopes')).toBe(false);
    expect(await scopes()).not.toContain(events);
  });
});

describe('a permission that something new needs', () => {
  it('is asked for by itself, and comes on top of the others', async () => {
    const before = await scopes();
    const flow = await askForMore();
    expect(asked(flow.url).get('include_granted_scopes')).toBe('true');
    expect(asked(flow.url).get('scope')).not.toContain('gmail');
    expect((await flows.consent(flow, { email: olivia })).outcome).toBe('connected');
    expect((await scopes()).sort()).toEqual([...before, events].sort());
    expect(await flows.connection(connectionId)).toMatchObject({ state: 'active', generation: 2 });
  });

  it('that is not given leaves everything as it was, and says so', async () => {
    const before = await scopes();
    const flow = await askForMore();
    const done = await flows.consent(flow, { email: olivia, without: 'calendar.events' });
    expect(done.outcome).toBe('not_all');
    expect(await scopes()).toEqual(before);
    expect(await flows.connection(connectionId)).toMatchObject({ state: 'active' });
  });

  it('given by another account is refused with the reason', async () => {
    const before = await flows.connection(connectionId);
    const done = await flows.consent(await askForMore(), { email: victor });
    expect(done.outcome).toBe('other_account');
    expect(await flows.connection(connectionId)).toEqual(before);
  });

  it('given after the others were withdrawn at Google does not replace what is there', async () => {
    const flow = await askForMore();
    google.revoke(olivia);
    const done = await flows.consent(flow, { email: olivia });
    expect(done.outcome).toBe('scopes_missing');
    expect(await flows.connection(connectionId)).toMatchObject({ generation: 1 });
  });
});

describe('connecting again', () => {
  it('asks for everything where nothing new is wanted', async () => {
    const { url } = await flows.reconnect(connectionId);
    expect(asked(url).get('scope')).toContain('gmail.modify');
    expect(asked(url).has('include_granted_scopes')).toBe(false);
  });

  it('asks for everything once the authority is gone', async () => {
    await database.owner.query("update connections set state = 'needs_reconsent' where id = $1", [
      connectionId,
    ]);
    const { url } = await askForMore();
    expect(asked(url).get('scope')).toContain('gmail.modify');
    expect(asked(url).get('scope')).toContain(events);
    expect(asked(url).has('include_granted_scopes')).toBe(false);
  });
});
