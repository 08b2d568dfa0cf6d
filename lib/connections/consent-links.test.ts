import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { readConnection } from './browse';
import { linkParty, viewConsentLink } from './consent-link-open';
import { createConsentLink, handOverConsent, withdrawConsentLink } from './consent-links';
import { disconnect } from './disconnect';
import { answerConsentPage, connect, testGoogle, testMember } from './testing';
import { facts, TestBrowser } from './testing/browser';

const olivia = 'olivia@northwind.example';
const victor = 'victor@northwind.example';
const few = { messages: 2, files: 2 };
const provider = 'google';
testGoogle({ seed: { amounts: { [olivia]: few, [victor]: few } } });
const database = testDatabase();
let context: MemberContext;
let browser: TestBrowser;

const terms = { forEmail: 'it@northwind.example', days: 7, mail: true } as const;
const tokenOf = (url: string) => url.split('/').at(-1) ?? '';
const one = async <Row>(query: string, ...values: unknown[]) =>
  (await database.owner.query(query, values)).rows[0] as Row;
const record = async () =>
  (
    await database.owner.query<{ line: string }>(
      `select actor_type || ' ' || action as line from audit_events
        where tenant_id = $1 and action like 'consent_link.%' order by id`,
      [context.tenantId],
    )
  ).rows.map(({ line }) => line);
const mailsTo = async (who: string) =>
  (await one<{ n: number }>('select count(*)::int as n from mails where recipient = $1', who)).n;

beforeAll(async () => {
  await database.createTenant();
});
beforeEach(async () => {
  context = await testMember(database);
  browser = new TestBrowser();
});

const ask = () => handOverConsent(context, { provider, authority: 'delegated' }, terms);

async function goThrough(token: string, who = browser, email = olivia) {
  const { url } = await who.startByLink(token);
  return who.finishByLink({ provider, back: await answerConsentPage(url, { email }) });
}

describe('a link for the administrator', () => {
  it('lets somebody without an account connect, once, and tells who asked', async () => {
    const made = await ask();
    const token = tokenOf(made.url);
    expect(await mailsTo(terms.forEmail)).toBe(1);
    expect(await viewConsentLink(token, facts)).toMatchObject({
      state: 'open',
      tenantName: expect.any(String),
      account: null,
      scopes: expect.arrayContaining([expect.objectContaining({ required: true })]),
    });
    expect(await goThrough(token)).toMatchObject({ outcome: 'connected' });
    expect(
      await one('select state, account_email from connections where id = $1', made.connectionId),
    ).toEqual({ state: 'active', account_email: olivia });
    expect(await viewConsentLink(token, facts)).toMatchObject({ state: 'used' });
    expect(await record()).toEqual([
      'member consent_link.made',
      'guest consent_link.opened',
      'guest consent_link.used',
    ]);
    expect(await mailsTo(context.email)).toBe(1);
    await expect(browser.startByLink(token)).rejects.toMatchObject({ code: 'gone' });
  });

  it('asks for no permission that is not needed yet', async () => {
    const view = await viewConsentLink(tokenOf((await ask()).url), facts);
    if (view.state !== 'open') throw new Error(view.state);
    expect(view.scopes.every(({ required }) => required)).toBe(true);
  });

  it('is used by one of two who go through it at once', async () => {
    const { url } = await ask();
    const token = tokenOf(url);
    const both = await Promise.all([
      goThrough(token, new TestBrowser()),
      goThrough(token, new TestBrowser(), victor),
    ]);
    const outcomes = both.map((done) => (done === 'foreign' ? done : done.outcome)).sort();
    expect(outcomes[0]).toBe('connected');
    expect(['link_closed', 'other_account']).toContain(outcomes[1]);
  });

  it('leaves a connection alone that was withdrawn from it while its page was open', async () => {
    const made = await ask();
    const started = await browser.startByLink(tokenOf(made.url));
    await withdrawConsentLink(context, made.connectionId as ConnectionId);
    const back = await answerConsentPage(started.url, { email: olivia });
    expect(await browser.finishByLink({ provider, back })).toMatchObject({
      outcome: 'link_closed',
    });
    expect(await one('select state from connections where id = $1', made.connectionId)).toEqual({
      state: 'pending',
    });
  });

  it('stays open when consent is denied, and who asked is told the first time only', async () => {
    const { url } = await ask();
    const token = tokenOf(url);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const started = await browser.startByLink(token);
      const back = await answerConsentPage(started.url, 'deny');
      expect(await browser.finishByLink({ provider, back })).toMatchObject({ outcome: 'denied' });
    }
    expect(await mailsTo(context.email)).toBe(1);
    expect(await goThrough(token)).toMatchObject({ outcome: 'connected' });
  });
});

describe('what does not get in by a link', () => {
  it('is another browser, even with the same link', async () => {
    const token = tokenOf((await ask()).url);
    const started = await browser.startByLink(token);
    const back = await answerConsentPage(started.url, { email: olivia });
    const other = new TestBrowser();
    expect(await other.finishByLink({ provider, back })).toBe('foreign');
    await other.startByLink(token);
    expect(await other.finishByLink({ provider, back })).toBe('foreign');
    expect(await browser.finishByLink({ provider, back })).toMatchObject({ outcome: 'connected' });
  });

  it('is a second time, as by the back button', async () => {
    const started = await browser.startByLink(tokenOf((await ask()).url));
    const back = await answerConsentPage(started.url, { email: olivia });
    await browser.finishByLink({ provider, back });
    expect(await browser.finishByLink({ provider, back })).toMatchObject({ outcome: 'reused' });
  });

  it('is a member, or the holder of another tenant’s link, with this flow’s cookie', async () => {
    const started = await browser.startByLink(tokenOf((await ask()).url));
    const back = await answerConsentPage(started.url, { email: olivia });
    expect(await browser.finish(context, { provider, back })).toMatchObject({
      outcome: 'foreign',
    });
    const stranger = await testMember(database);
    const theirs = await handOverConsent(stranger, { provider, authority: 'delegated' }, terms);
    const [, session = ''] = started.cookie.value.split('.');
    browser.cookies.set(started.cookie.name, `${tokenOf(theirs.url)}.${session}`);
    expect(await browser.finishByLink({ provider, back })).toMatchObject({ outcome: 'foreign' });
  });

  it('is a token that is nobody’s, of another shape, or empty: all look the same', async () => {
    for (const token of ['A'.repeat(43), 'x', '', '../..', context.tenantId]) {
      expect(await viewConsentLink(token, facts)).toEqual({ state: 'unknown' });
      expect(await linkParty(token, facts)).toBeNull();
      await expect(browser.startByLink(token)).rejects.toMatchObject({ code: 'gone' });
    }
  });

  it('is a link that has expired', async () => {
    const { url } = await ask();
    await database.owner.query(`update consent_links set expires_at = now() - interval '1 second'`);
    expect(await viewConsentLink(tokenOf(url), facts)).toMatchObject({ state: 'expired' });
    await expect(browser.startByLink(tokenOf(url))).rejects.toMatchObject({ code: 'gone' });
  });

  it('is a link whose maker was removed, or may no longer manage connections', async () => {
    const { url, connectionId } = await ask();
    const id = connectionId as ConnectionId;
    expect((await readConnection(context, id)).connection.awaiting).toMatchObject({
      ...{ forEmail: terms.forEmail, askedBy: context.actor.name },
    });
    await database.owner.query(`update memberships set role = 'viewer' where user_id = $1`, [
      context.userId,
    ]);
    expect(await viewConsentLink(tokenOf(url), facts)).toMatchObject({ state: 'withdrawn' });
    expect((await readConnection(context, id)).connection.awaiting).toBeNull();
    await database.owner.query('delete from memberships where user_id = $1', [context.userId]);
    // Also of one who is staff: what they made as a member is worth what that is.
    await database.owner.query(`insert into staff (user_id, role) values ($1, 'support')`, [
      context.userId,
    ]);
    expect(await viewConsentLink(tokenOf(url), facts)).toMatchObject({ state: 'withdrawn' });
  });

  it('is a link of a suspended organisation', async () => {
    const { url } = await ask();
    await database.owner.query(`update tenants set state = 'suspended' where id = $1`, [
      context.tenantId,
    ]);
    expect(await viewConsentLink(tokenOf(url), facts)).toEqual({ state: 'suspended' });
    await expect(browser.startByLink(tokenOf(url))).rejects.toMatchObject({ code: 'gone' });
  });

  it('is another account than the connection’s own', async () => {
    const connectionId = await connect(context);
    const { url } = await handOverConsent(context, { connectionId }, terms);
    const token = tokenOf(url);
    expect(await viewConsentLink(token, facts)).toMatchObject({ account: olivia });
    expect(await goThrough(token, browser, victor)).toMatchObject({ outcome: 'other_account' });
    expect(await goThrough(token)).toMatchObject({ outcome: 'connected' });
  });
});

describe('links of one connection', () => {
  it('take each other’s place, and can be withdrawn', async () => {
    const connectionId = await connect(context);
    const first = await handOverConsent(context, { connectionId }, terms);
    const second = await handOverConsent(context, { connectionId }, { ...terms, mail: false });
    expect(await viewConsentLink(tokenOf(first.url), facts)).toMatchObject({ state: 'withdrawn' });
    await withdrawConsentLink(context, connectionId);
    expect(await viewConsentLink(tokenOf(second.url), facts)).toMatchObject({ state: 'withdrawn' });
    await expect(withdrawConsentLink(context, connectionId)).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('are neither made nor withdrawn by another tenant, and keep no readable token', async () => {
    const connectionId = await connect(context);
    const made = await handOverConsent(context, { connectionId }, terms);
    const stranger = await testMember(database);
    for (const attempt of [
      () => handOverConsent(stranger, { connectionId }, terms),
      () => withdrawConsentLink(stranger, connectionId),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
    }
    const { dump } = await one<{ dump: string }>(
      `select string_agg(l::text, '') || (select string_agg(a::text, '') from audit_events a)
              || (select string_agg(m::text, '') from mails m) as dump from consent_links l`,
    );
    expect(dump).not.toContain(tokenOf(made.url));
  });

  it('of a campaign leave a member’s own alone', async () => {
    const connectionId = await connect(context);
    const made = await handOverConsent(context, { connectionId }, terms);
    await withTenant(context, (tx) =>
      createConsentLink(tx, context, {
        connectionId,
        purpose: 'reconsent',
        forEmail: terms.forEmail,
        campaignId: '00000000-0000-7000-8000-000000000001',
        expiresAt: new Date(Date.now() + 60_000),
      }),
    );
    expect(await viewConsentLink(tokenOf(made.url), facts)).toMatchObject({ state: 'open' });
  });

  it('are not made without end by one person', async () => {
    const connectionId = await connect(context);
    await database.owner.query(
      `insert into consent_links
         (tenant_id, id, connection_id, purpose, token_hash, for_email, made_by, expires_at)
       select $1, gen_random_uuid(), $2, 'reconsent', n::text, 'it@northwind.example', $3, now()
         from generate_series(1, 100) n`,
      [context.tenantId, connectionId, context.userId],
    );
    await expect(handOverConsent(context, { connectionId }, terms)).rejects.toMatchObject({
      code: 'rate_limited',
    });
  });

  it('go with a connection that is discarded', async () => {
    const made = await ask();
    await disconnect(context, made.connectionId as ConnectionId, 'Google Workspace');
    expect(await viewConsentLink(tokenOf(made.url), facts)).toEqual({ state: 'unknown' });
  });
});
