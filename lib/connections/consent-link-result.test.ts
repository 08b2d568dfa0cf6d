import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import { answerConsent } from '@/emulators/testing';
import { serviceAccountKey } from '@/emulators/testing/google';
import type { MemberContext } from '@/lib/tenancy';
import { connectWithKeyByLink } from './consent-key';
import { requireOpenLink, viewConsentLink } from './consent-link-open';
import { handOverConsent } from './consent-links';
import { answerConsentPage, connect, testMember } from './testing';
import { facts, TestBrowser } from './testing/browser';
import { testProviders } from './testing/world';

const olivia = 'olivia@northwind.example';
const victor = 'victor@northwind.example';
const provider = 'google';
const events = 'https://www.googleapis.com/auth/calendar.events';
const emulators = testProviders('google', 'microsoft');
const database = testDatabase();
let context: MemberContext;
let browser: TestBrowser;

const terms = { forEmail: 'it@northwind.example', days: 7, mail: false } as const;
const tokenOf = (url: string) => url.split('/').at(-1) ?? '';
const stateOf = async (token: string) => (await viewConsentLink(token, facts)).state;
/** What who made the link was told, oldest first. */
const told = async () =>
  (
    await database.owner.query<{ subject: string }>(
      'select subject from mails where recipient = $1 order by id',
      [context.email],
    )
  ).rows.map(({ subject }) => subject);

beforeEach(async () => {
  context = await testMember(database);
  browser = new TestBrowser();
});

async function goThrough(token: string, answer: Parameters<typeof answerConsentPage>[1]) {
  const { url } = await browser.startByLink(token);
  const done = await browser.finishByLink({ provider, back: await answerConsentPage(url, answer) });
  return done === 'foreign' ? done : done.outcome;
}

describe('a link whose consent is not whole', () => {
  it('stays open, says so to who made it, and is used up by the whole of it', async () => {
    const { url } = await handOverConsent(context, { provider, authority: 'delegated' }, terms);
    const token = tokenOf(url);
    const part = { email: olivia, without: 'gmail.modify' };
    expect(await goThrough(token, part)).toBe('scopes_missing');
    expect(await stateOf(token)).toBe('open');
    expect(await told()).toEqual([`${olivia} was not given all that is needed`]);
    expect(await goThrough(token, { email: victor })).toBe('other_account');
    expect(await goThrough(token, { email: olivia })).toBe('connected');
    expect(await stateOf(token)).toBe('used');
    expect((await told()).at(-1)).toBe(`${olivia} is connected`);
  });

  it('stays open when the one thing more that it was made for is left out', async () => {
    const first = await handOverConsent(context, { provider, authority: 'delegated' }, terms);
    expect(await goThrough(tokenOf(first.url), { email: olivia })).toBe('connected');
    const connectionId = first.connectionId as ConnectionId;
    const { url } = await handOverConsent(context, { connectionId, scopes: [events] }, terms);
    const token = tokenOf(url);
    const part = { email: olivia, without: 'calendar.events' };
    expect(await goThrough(token, part)).toBe('not_all');
    expect(await stateOf(token)).toBe('open');
    expect(await goThrough(token, { email: olivia })).toBe('connected');
    expect(await stateOf(token)).toBe('used');
  });
});

describe('who made a link is told the first time only that it was used in vain', () => {
  it('by another account than the connection’s', async () => {
    const connectionId = await connect(context);
    const { url } = await handOverConsent(context, { connectionId }, terms);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await goThrough(tokenOf(url), { email: victor })).toBe('other_account');
    }
    expect(await told()).toEqual([`${olivia} was not connected`]);
  });

  it('by somebody who may not consent for the organisation', async () => {
    const way = { provider: 'microsoft', authority: 'application' } as const;
    const { url } = await handOverConsent(context, way, terms);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const started = await browser.startByLink(tokenOf(url));
      const back = await answerConsent(started.url, { email: olivia });
      const arrival = { provider: 'microsoft', back } as const;
      const done = await browser.finishByLink(arrival, { email: victor });
      expect(done).toMatchObject({ outcome: 'not_administrator' });
    }
    expect(await told()).toEqual(['Microsoft 365 was not connected']);
  });

  it('by keys that do not work, which nobody tries without end', async () => {
    const way = { provider: 'google', authority: 'application' } as const;
    const { url } = await handOverConsent(context, way, terms);
    const holder = await requireOpenLink(tokenOf(url), facts);
    const key = await serviceAccountKey(emulators.google, 'northwind.example');
    const given = { key, administrator: victor };
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await connectWithKeyByLink(holder, given)).toHaveProperty('fault');
    }
    expect(await told()).toEqual(['Google Workspace was not connected']);
    await database.owner.query(
      `insert into audit_events (tenant_id, id, actor_type, actor_id, actor_name, action,
                                 target_type, target_id, target_name, outcome, request_id)
       select tenant_id, gen_random_uuid(), actor_type, actor_id, actor_name, action,
              target_type, target_id, target_name, outcome, request_id
         from audit_events, generate_series(1, 14)
        where actor_id = $1 and action = 'connection.consent_failed'`,
      [holder.party.link?.id],
    );
    await expect(connectWithKeyByLink(holder, given)).rejects.toMatchObject({
      code: 'rate_limited',
    });
  });
});

describe('a link whose reason is gone', () => {
  const wish = { provider, authority: 'delegated' } as const;

  it('is withdrawn when a member gives the consent in person', async () => {
    const made = await handOverConsent(context, wish, terms);
    const connectionId = made.connectionId as ConnectionId;
    const { url } = await browser.start(context, { connectionId });
    const back = await answerConsentPage(url, { email: olivia });
    expect((await browser.finish(context, { provider, back })).outcome).toBe('connected');
    expect(await stateOf(tokenOf(made.url))).toBe('withdrawn');
  });

  it('stays while it asks for more than was given in person', async () => {
    const begun = await browser.start(context, wish);
    const first = await answerConsentPage(begun.url, { email: olivia });
    await browser.finish(context, { provider, back: first });
    const { connectionId } = begun;
    const made = await handOverConsent(context, { connectionId, scopes: [events] }, terms);
    const { url } = await browser.start(context, { connectionId });
    const back = await answerConsentPage(url, { email: olivia });
    expect((await browser.finish(context, { provider, back })).outcome).toBe('connected');
    expect(await stateOf(tokenOf(made.url))).toBe('open');
  });
});
