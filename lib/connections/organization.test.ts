import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import { changePerson } from '@/emulators/testing/google';
import type { MemberContext } from '@/lib/tenancy';
import { providerClient, renewToken } from './client';
import { beginDiscovery, discoverPhase, finishDiscovery } from './discovery';
import { discoverAgain } from './discovery-request';
import { connect, testGoogle, testMember } from './testing';
import { connectOrganization } from './testing/organization';

const domain = 'northwind.example';
const victor = `victor@${domain}`;
const google = testGoogle({ seed: { crowd: { [domain]: 30 } } });
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  google.clearFaults();
  await database.owner.query('delete from connections');
  await changePerson(google, victor, { suspended: false });
  connectionId = await connectOrganization(context, google);
});

async function discover() {
  const begun = await beginDiscovery(context, await discoverAgain(context, connectionId));
  for (const phase of begun.phases) await discoverPhase(context, begun, phase);
  return finishDiscovery(context, begun);
}

async function present(): Promise<Record<string, number>> {
  const { rows } = await database.owner.query<{ kind: string; n: number }>(
    'select kind, count(*)::int as n from resources where gone_at is null group by kind',
  );
  return Object.fromEntries(rows.map(({ kind, n }) => [kind, n]));
}

describe('discovering a whole organisation', () => {
  it('finds everybody and what they have, and the same again', async () => {
    const first = await discover();
    // Four of the demo and thirty more; one is suspended, another has no Gmail.
    expect(await present()).toMatchObject({ user: 34, mailbox: 32, drive: 34, calendar: 34 });
    expect(await discover()).toEqual({ added: 0, updated: 0, gone: 0 });
    expect(first.gone).toBe(0);
  });

  it('marks as gone what belongs to somebody who was suspended', async () => {
    await discover();
    const before = await present();
    await changePerson(google, victor, { suspended: true });
    await discover();
    const after = await present();
    expect(after.mailbox).toBe((before.mailbox ?? 0) - 1);
    expect(after.calendar).toBe((before.calendar ?? 0) - 1);
    expect(after.user).toBe(before.user);
    await changePerson(google, victor, { suspended: false });
    await discover();
    expect(await present()).toEqual(before);
  });

  it('goes on from where it was cut short without counting twice', async () => {
    const begun = await beginDiscovery(context, await discoverAgain(context, connectionId));
    google.fault({ path: '/calendar/*', skip: 12, status: 403, body: { error: 'x' }, times: 1 });
    google.fault({ path: '/token', skip: 20, status: 400, body: { error: 'slow_down' }, times: 1 });
    for (const phase of begun.phases) {
      await discoverPhase(context, begun, phase).catch(() => discoverPhase(context, begun, phase));
    }
    const { added } = await finishDiscovery(context, begun);
    const found = Object.values(await present()).reduce((sum, n) => sum + n, 0);
    expect(added).toBe(found);
  });
});

describe('while our own client is refused', () => {
  it('a service account works on, and does not say that all is well', async () => {
    const delegated = await connect(context);
    await database.owner.query(
      'update credentials set access_expires_at = now() where connection_id = $1',
      [delegated],
    );
    google.preset('app_secret', { times: 1 });
    const refused = (await providerClient(context, delegated)).mail?.findLabel('x');
    await expect(refused).rejects.toMatchObject({ name: 'RetryLater' });
    const client = await providerClient(context, connectionId);
    await expect(client.person?.(victor).mail?.findLabel('x')).resolves.toBeNull();
    await expect(renewToken(context, connectionId)).resolves.toBe(true);
    const { rows } = await database.owner.query(
      'select cleared_at is not null as over from provider_app_faults',
    );
    expect(rows).toEqual([{ over: false }]);
    await database.owner.query('delete from provider_app_faults');
  });
});

describe('an action for one person of an organisation', () => {
  it('changes what is theirs', async () => {
    const client = await providerClient(context, connectionId);
    const mail = client.person?.(victor).mail;
    const label = await mail?.ensureLabel('Invoices 2026');
    expect(label?.created).toBe(true);
    expect(await mail?.findLabel('Invoices 2026')).toMatchObject({ id: label?.id });
    const calendar = client.person?.(victor).calendar;
    const made = await calendar?.createEvent({
      calendarId: victor,
      id: 'abcde12345',
      title: 'Stocktake',
      startsAt: new Date('2026-12-01T09:00:00Z'),
      endsAt: new Date('2026-12-01T10:00:00Z'),
      timeZone: 'Europe/London',
    });
    expect(made).toMatchObject({ id: 'abcde12345', created: true });
  });
});
