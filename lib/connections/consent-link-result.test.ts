import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { viewConsentLink } from './consent-link-open';
import { handOverConsent } from './consent-links';
import { answerConsentPage, testGoogle, testMember } from './testing';
import { facts, TestBrowser } from './testing/browser';

const olivia = 'olivia@northwind.example';
const victor = 'victor@northwind.example';
const few = { messages: 2, files: 2 };
const provider = 'google';
const events = 'https://www.googleapis.com/auth/calendar.events';
testGoogle({ seed: { amounts: { [olivia]: few, [victor]: few } } });
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
