import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import { answerConsent } from '@/emulators/testing';
import type { MemberContext } from '@/lib/tenancy';
import { readConnection } from './browse';
import { beginDiscovery, discoverPhase, failDiscovery, finishDiscovery } from './discovery';
import { discoverAgain } from './discovery-request';
import { testMember } from './testing';
import { TestBrowser } from './testing/browser';
import { testProvider } from './testing/emulators';

const northwind = '6f2c1b84-0a5d-4e37-9c41-2b8f7d3e5a10';
const email = 'olivia@northwind.example';
const microsoft = testProvider('microsoft');
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  microsoft().clearFaults();
  await database.owner.query('delete from connections');
  const browser = new TestBrowser();
  const wish = { provider: 'microsoft', authority: 'application' } as const;
  const started = await browser.start(context, wish);
  const back = await answerConsent(started.url, { email });
  const done = await browser.finish(context, { provider: 'microsoft', back }, { email });
  if (!done.connectionId) throw new Error(`not connected: ${done.outcome}`);
  connectionId = done.connectionId;
  await discover();
});

const begin = async () => beginDiscovery(context, await discoverAgain(context, connectionId));
async function discover() {
  const begun = await begin();
  for (const phase of begun.phases) await discoverPhase(context, begun, phase);
  return finishDiscovery(context, begun);
}

/** Somebody, or a folder, that was once in a listing and is there no longer. */
async function ghost(kind: 'user' | 'folder'): Promise<void> {
  await database.owner.query(
    `insert into resources (tenant_id, id, connection_id, kind, provider_id, name, attributes, last_seen_in, scope)
    select tenant_id, gen_random_uuid(), connection_id, kind, $1 || ' ghost', 'Ghost', '{}', last_seen_in, scope
    from resources where kind = $1 limit 1`,
    [kind],
  );
}
async function gone(): Promise<string[]> {
  const { rows } = await database.owner.query<{ provider_id: string }>(
    'select provider_id from resources where gone_at is not null order by provider_id',
  );
  return rows.map((row) => row.provider_id);
}
/** What people are shown of it: the figure of the connection, and those of its kinds. */
async function figures() {
  const { connection, discovery } = await readConnection(context, connectionId);
  return { total: connection.resources, counts: discovery?.counts };
}
const paths = () =>
  microsoft()
    .requests()
    .map(({ path }) => path);

describe('a discovery that goes on from where it was left', () => {
  it('changes nothing, lists no folders again, and loses nothing', async () => {
    expect(await discover()).toMatchObject({ added: 0, updated: 0, gone: 0 });
    expect(await gone()).toEqual([]);
  });

  it('shows the same figures as before, and what is there rather than what it met', async () => {
    const before = await figures();
    expect(before.counts).toMatchObject({ user: expect.any(Number), folder: expect.any(Number) });
    await discover();
    expect(await figures()).toEqual(before);
    await ghost('user');
    await discover();
    expect(await figures()).toMatchObject({
      total: before.total + 1,
      counts: { user: (before.counts?.user ?? 0) + 1 },
    });
  });

  it('marks what it is told was removed', async () => {
    const { rows } = await database.owner.query<{ provider_id: string }>(
      `select provider_id from resources where kind = 'user' and name like 'Tom %'`,
    );
    const id = rows[0]?.provider_id ?? '';
    microsoft().fault({
      path: '/v1.0/users/delta',
      times: 1,
      body: {
        value: [{ id, '@removed': { reason: 'deleted' } }],
        '@odata.deltaLink': `${microsoft().url}/v1.0/users/delta?$deltatoken=next`,
      },
    });
    expect(await discover()).toMatchObject({ gone: 1 });
    expect(await gone()).toEqual([id]);
  });

  it('keeps what its listing does not mention', async () => {
    await ghost('user');
    await ghost('folder');
    expect(await discover()).toMatchObject({ gone: 0 });
  });
});

describe('when Microsoft has forgotten where it was', () => {
  beforeEach(async () => {
    await microsoft().act('expire_deltas', northwind);
    await ghost('user');
    await ghost('folder');
  });

  it('everything is listed anew, and what is no longer there is gone', async () => {
    microsoft().clearRequests();
    expect(await discover()).toMatchObject({ added: 0, gone: 2 });
    expect(await gone()).toEqual(['folder ghost', 'user ghost']);
    expect(paths().filter((path) => path === '/v1.0/users/delta').length).toBe(2);
    expect(await discover()).toMatchObject({ added: 0, updated: 0, gone: 0 });
  });

  it('an attempt that is repeated still marks what is gone', async () => {
    const begun = await begin();
    await discoverPhase(context, begun, 'people');
    await discoverPhase(context, begun, 'mailbox');
    for (const phase of begun.phases) await discoverPhase(context, begun, phase);
    expect(await finishDiscovery(context, begun)).toMatchObject({ gone: 2 });
  });

  it('a discovery that failed afterwards leaves it to the next one', async () => {
    const begun = await begin();
    await discoverPhase(context, begun, 'people');
    await discoverPhase(context, begun, 'mailbox');
    await failDiscovery(context, begun.id);
    expect(await gone()).toEqual([]);
    expect(await discover()).toMatchObject({ gone: 2 });
  });
});

describe('one mailbox that is out of reach', () => {
  it('is left out with its folders, the rest is found, and it may come back', async () => {
    const body = { error: { code: 'MailboxNotEnabledForRESTAPI', message: 'inactive' } };
    const responses = [{ id: '0', status: 404, body }];
    microsoft().fault({ path: '/v1.0/$batch', body: { responses }, times: 1 });
    const { gone: count } = await discover();
    const { rows } = await database.owner.query<{ kind: string; n: number }>(
      'select kind, count(*)::int as n from resources where gone_at is not null group by kind order by kind',
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['folder', 'mailbox']);
    expect(rows.find(({ kind }) => kind === 'mailbox')?.n).toBe(1);
    expect(count).toBe(rows.reduce((sum, { n }) => sum + n, 0));
    await discover();
    expect(await gone()).toEqual([]);
  });
});
