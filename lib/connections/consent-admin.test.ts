import { beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { tids } from '@/emulators/microsoft/testing';
import { answerConsent } from '@/emulators/testing';
import type { MemberContext } from '@/lib/tenancy';
import { finishAdminConsent } from './consent-admin';
import { claimConsent } from './consent-claim';
import { memberParty } from './consent-party';
import { disconnect } from './disconnect';
import { testMember } from './testing';
import { TestBrowser } from './testing/browser';
import { testProvider } from './testing/emulators';

const olivia = { email: 'olivia@northwind.example' };
/** Cloud Application Administrator: looks after apps, and may not consent to what we ask for. */
const grace = { email: 'grace@northwind.example' };
const provider = 'microsoft';
const way = { provider, authority: 'application' } as const;

testProvider('microsoft');
const database = testDatabase();
let context: MemberContext;
let browser: TestBrowser;

beforeEach(async () => {
  context = await testMember(database);
  browser = new TestBrowser();
});

async function connectionOf(who: MemberContext) {
  const { rows } = await database.owner.query<Record<string, unknown>>(
    `select c.id, c.state, c.state_reason, c.provider_tenant, c.organization_name, k.generation
       from connections c left join credentials k on k.connection_id = c.id
      where c.tenant_id = $1`,
    [who.tenantId],
  );
  return rows[0];
}

async function consent(who = context, signIn = olivia) {
  const { url } = await browser.start(who, way);
  const back = await answerConsent(url, olivia);
  return browser.finish(who, { provider, back }, signIn);
}

/** Northwind's consent, as whoever wishes writes it into the address without seeing the page. */
async function pastThePage(who: MemberContext, wish: Parameters<TestBrowser['start']>[1]) {
  const { url } = await browser.start(who, wish);
  const state = new URL(url).searchParams.get('state') ?? '';
  const back = new URL('http://localhost:3000/api/connections/microsoft/callback');
  back.search = String(
    new URLSearchParams({ admin_consent: 'True', tenant: tids.northwind, state }),
  );
  return back;
}

describe('an organisation by its administrator', () => {
  it('is connected after consent, a sign-in that proves it, and a token with the roles', async () => {
    expect((await consent()).outcome).toBe('connected');
    expect(await connectionOf(context)).toMatchObject({
      state: 'active',
      provider_tenant: tids.northwind,
      generation: 1,
    });
  });

  it('shows that it is being verified between consent and sign-in', async () => {
    const { url } = await browser.start(context, way);
    const back = await answerConsent(url, olivia);
    const waiting = browser.finish(context, { provider, back }, { deny: true });
    expect((await waiting).outcome).toBe('denied');
    expect(await connectionOf(context)).toMatchObject({ state: 'pending', generation: null });
    const { rows } = await database.owner.query<{ to: string }>(
      `select details->>'to' as to from audit_events
        where tenant_id = $1 and action = 'connection.state_changed' order by id`,
      [context.tenantId],
    );
    expect(rows.map(({ to }) => to)).toEqual(['verifying', 'pending']);
  });

  it('that was denied by the administrator stays pending and says why', async () => {
    const { url } = await browser.start(context, way);
    const back = await answerConsent(url, { ...olivia, deny: true });
    expect((await browser.finish(context, { provider, back })).outcome).toBe('denied');
    expect(await connectionOf(context)).toMatchObject({
      state: 'pending',
      state_reason: expect.any(String),
    });
  });

  it('whose directory was written into the address by somebody else is not given to them', async () => {
    await consent();
    const thief = await testMember(database);
    browser = new TestBrowser();
    const back = await pastThePage(thief, way);
    const stranger = { email: 'omar@fabrikam.example' };
    const done = await browser.finish(thief, { provider, back }, stranger);
    expect(['other_organisation', 'denied']).toContain(done.outcome);
    expect(await connectionOf(thief)).toMatchObject({ state: 'pending', generation: null });
  });

  it('is not connected by a sign-in of somebody who administers nothing', async () => {
    const done = await consent(context, { email: 'victor@northwind.example' });
    expect(done.outcome).toBe('not_administrator');
    expect(await connectionOf(context)).toMatchObject({
      state: 'pending',
      state_reason: expect.stringContaining(
        'Global Administrator or Privileged Role Administrator',
      ),
      generation: null,
    });
  });

  it('is not connected by who may not consent for it, once another tenant has its consent', async () => {
    await consent();
    const thief = await testMember(database);
    browser = new TestBrowser();
    const back = await pastThePage(thief, way);
    expect((await browser.finish(thief, { provider, back }, grace)).outcome).toBe(
      'not_administrator',
    );
    expect(await connectionOf(thief)).toMatchObject({ state: 'pending', generation: null });
  });

  it('is brought back by who looks after its apps', async () => {
    await consent();
    const { id } = (await connectionOf(context)) ?? {};
    const back = await pastThePage(context, { connectionId: id as ConnectionId });
    expect((await browser.finish(context, { provider, back }, grace)).outcome).toBe('connected');
    expect(await connectionOf(context)).toMatchObject({ id, state: 'active', generation: 2 });
  });

  it('that is another one than before is refused, and the old credential stays', async () => {
    await consent();
    const before = await connectionOf(context);
    const { url } = await browser.start(context, { connectionId: before?.id as ConnectionId });
    const state = new URL(url).searchParams.get('state') ?? '';
    const back = new URL('http://localhost/');
    back.search = String(
      new URLSearchParams({ admin_consent: 'True', tenant: tids.fabrikam, state }),
    );
    expect((await browser.finish(context, { provider, back })).outcome).toBe('other_organisation');
    expect(await connectionOf(context)).toEqual(before);
  });

  it('a second time goes on with the connection that is there', async () => {
    const first = await consent();
    const second = await consent();
    expect(second).toEqual(first);
    expect(await connectionOf(context)).toMatchObject({ generation: 2 });
  });

  it('that was ended while its administrator consented is not brought back', async () => {
    await consent();
    const { id } = (await connectionOf(context)) ?? {};
    const connectionId = id as ConnectionId;
    const started = await browser.start(context, { connectionId });
    const { searchParams } = await answerConsent(started.url, olivia);
    const party = memberParty(context);
    const answer = { provider, ...Object.fromEntries(searchParams) } as const;
    const claimed = await withTenant(context, (tx) =>
      claimConsent(tx, party, answer, browser.cookie),
    );
    if ('refused' in claimed) throw new Error(claimed.refused);
    await disconnect(context, connectionId, 'Northwind Traders');
    expect(await finishAdminConsent(party, claimed, answer)).toMatchObject({ outcome: 'ended' });
    expect(await connectionOf(context)).toMatchObject({ state: 'disconnected' });
  });

  it('and another one are connected in two tabs at once', async () => {
    const [one, two] = [await browser.start(context, way), await browser.start(context, way)];
    const omar = { email: 'omar@fabrikam.example' };
    const first = await answerConsent(one.url, olivia);
    const second = await answerConsent(two.url, omar);
    const tabs = [await browser.finish(context, { provider, back: first }, olivia)];
    tabs.push(await browser.finish(context, { provider, back: second }, omar));
    expect(tabs.map(({ outcome }) => outcome)).toEqual(['connected', 'connected']);
    const { rows } = await database.owner.query<Record<string, unknown>>(
      'select id, provider_tenant from connections where tenant_id = $1 order by id',
      [context.tenantId],
    );
    expect(rows).toEqual([
      { id: tabs[0]?.connectionId, provider_tenant: tids.northwind },
      { id: tabs[1]?.connectionId, provider_tenant: tids.fabrikam },
    ]);
  });

  it('cannot be finished twice, nor by another browser, member or tenant', async () => {
    const { url } = await browser.start(context, way);
    const back = await answerConsent(url, olivia);
    const colleague = await testMember(database, context);
    const stranger = await testMember(database);
    const arrival = { provider, back } as const;
    for (const [who, by] of [
      [context, new TestBrowser()],
      [colleague, browser],
      [stranger, browser],
    ] as const) {
      expect((await by.finish(who, arrival, olivia)).outcome).toBe('foreign');
    }
    expect((await browser.finish(context, arrival, olivia)).outcome).toBe('connected');
    expect((await browser.finish(context, arrival, olivia)).outcome).toBe('reused');
  });
});

it('one person connects their own account', async () => {
  const { url } = await browser.start(context, { provider, authority: 'delegated' });
  const back = await answerConsent(url, olivia);
  expect((await browser.finish(context, { provider, back })).outcome).toBe('connected');
  expect(await connectionOf(context)).toMatchObject({ state: 'active' });
});
