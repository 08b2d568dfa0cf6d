import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import { answerConsent } from '@/emulators/testing';
import type { MemberContext } from '@/lib/tenancy';
import { viewConsentLink } from './consent-link-open';
import { handOverConsent } from './consent-links';
import { disconnect } from './disconnect';
import { testMember } from './testing';
import { facts, TestBrowser } from './testing/browser';
import { testProvider } from './testing/emulators';

/** An organisation where only administrators allow apps, and a person who wants their own mailbox. */
const olivia = { email: 'olivia@northwind.example' };
const victor = { email: 'victor@northwind.example' };
const provider = 'microsoft';
const way = { provider, authority: 'delegated' } as const;
const terms = { forEmail: olivia.email, days: 7, mail: true } as const;
const microsoft = testProvider('microsoft');
const database = testDatabase();
let context: MemberContext;
let browser: TestBrowser;
let admin: TestBrowser;

const tokenOf = (url: string) => url.split('/').at(-1) ?? '';
const ask = async (wish: Parameters<typeof handOverConsent>[1] = way) => {
  const made = await handOverConsent(context, wish, { ...terms, allowance: true });
  return { token: tokenOf(made.url), connectionId: made.connectionId as ConnectionId };
};
const connection = async (id: ConnectionId) =>
  (
    await database.owner.query<Record<string, unknown>>(
      'select state, state_reason, account_email from connections where id = $1',
      [id],
    )
  ).rows[0];
const subjects = async (recipient: string) =>
  (
    await database.owner.query<{ subject: string }>(
      'select subject from mails where tenant_id = $1 and recipient = $2 order by id',
      [context.tenantId, recipient],
    )
  ).rows.map(({ subject }) => subject);

async function connectAs(email: string, connectionId: ConnectionId) {
  const { url } = await browser.start(context, { connectionId });
  const back = await answerConsent(url, { email }).catch(() => null);
  return back && browser.finish(context, { provider, back });
}
async function allow(token: string, answer: { email: string; deny?: boolean } = olivia) {
  const { url } = await admin.startByLink(token);
  return admin.finishByLink({ provider, back: await answerConsent(url, answer) });
}

beforeEach(async () => {
  context = await testMember(database);
  browser = new TestBrowser();
  admin = new TestBrowser();
  await microsoft().act('close_to_apps', 'northwind.example');
});

describe('where only administrators allow apps', () => {
  it('one of them allows it by a link, and the person connects their own account', async () => {
    const { token, connectionId } = await ask();
    expect(await viewConsentLink(token, facts)).toMatchObject({
      state: 'open',
      purpose: 'allowance',
    });
    expect(await allow(token)).toEqual({ outcome: 'allowed', connectionId, denied: false });
    expect(await connection(connectionId)).toEqual({
      ...{ state: 'pending', account_email: null },
      state_reason: `${olivia.email} has allowed it. Now connect the account itself.`,
    });
    expect(await subjects(olivia.email)).toEqual([
      expect.stringContaining('asks you to allow Tenantry in Microsoft 365'),
    ]);
    expect(await subjects(context.email)).toEqual([
      'Tenantry is allowed in Microsoft 365: connect your account now',
    ]);
    expect(await connectAs(victor.email, connectionId)).toMatchObject({ outcome: 'connected' });
    expect(await connection(connectionId)).toMatchObject({
      ...{ state: 'active', account_email: victor.email },
    });
    expect(await viewConsentLink(token, facts)).toMatchObject({ state: 'used' });
    await expect(admin.startByLink(token)).rejects.toMatchObject({ code: 'gone' });
  });

  it('it stays open when the administrator says no', async () => {
    const { token } = await ask();
    expect(await allow(token, { ...olivia, deny: true })).toMatchObject({ outcome: 'denied' });
    expect(await allow(token)).toMatchObject({ outcome: 'allowed' });
  });

  it('it is for the organisation whose connection it is', async () => {
    const { connectionId } = await ask();
    await allow((await ask({ connectionId })).token);
    await connectAs(victor.email, connectionId);
    const { token } = await ask({ connectionId });
    const { url } = await admin.startByLink(token);
    const back = new URL('http://x/');
    back.search = String(
      new URLSearchParams({
        admin_consent: 'True',
        tenant: 'b93e7a52-4d18-4c6f-8e02-71a5c0d94f36',
        state: new URL(url).searchParams.get('state') ?? '',
      }),
    );
    expect(await admin.finishByLink({ provider, back })).toMatchObject({
      outcome: 'other_organisation',
    });
  });

  it('an answer that somebody makes up connects nothing and lets nobody in', async () => {
    const { token, connectionId } = await ask();
    const { url } = await admin.startByLink(token);
    const back = new URL('http://x/');
    back.search = String(
      new URLSearchParams({
        ...{ admin_consent: 'True', tenant: '6f2c1b84-0a5d-4e37-9c41-2b8f7d3e5a10' },
        ...{ code: 'made-up', state: new URL(url).searchParams.get('state') ?? '' },
      }),
    );
    expect(await admin.finishByLink({ provider, back })).toMatchObject({ outcome: 'allowed' });
    expect(await connection(connectionId)).toMatchObject({ state: 'pending', account_email: null });
  });

  it('it takes no link away from whose account it is', async () => {
    const { token, connectionId } = await ask();
    const owner = await handOverConsent(context, { connectionId }, { ...terms, mail: false });
    await ask({ connectionId });
    expect(await viewConsentLink(token, facts)).toMatchObject({ state: 'withdrawn' });
    expect(await viewConsentLink(tokenOf(owner.url), facts)).toMatchObject({ state: 'open' });
  });

  it('it is over with a connection that was discarded meanwhile', async () => {
    const { token, connectionId } = await ask();
    const { url } = await admin.startByLink(token);
    const back = await answerConsent(url, olivia);
    await disconnect(context, connectionId, 'Microsoft 365');
    expect(await admin.finishByLink({ provider, back })).toBe('foreign');
  });
});

it('is not asked for where people allow for themselves', async () => {
  const google = { provider: 'google', authority: 'delegated' } as const;
  const attempt = handOverConsent(context, google, { ...terms, allowance: true });
  await expect(attempt).rejects.toMatchObject({ code: 'unavailable' });
  const whole = { provider, authority: 'application' } as const;
  const organisation = handOverConsent(context, whole, { ...terms, allowance: true });
  await expect(organisation).rejects.toMatchObject({ code: 'conflict' });
});
