import { beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import { answerConsent } from '@/emulators/testing';
import { Relay } from '@/lib/jobs';
import { runEngine } from '@/lib/jobs/testing/harness';
import type { MemberContext } from '@/lib/tenancy';
import { finishConsent } from './consent-finish';
import { memberParty } from './consent-party';
import { endUnproven } from './consent-unproven';
import { connectionFunctions } from './functions';
import { testMember } from './testing';
import { TestBrowser } from './testing/browser';
import { testProvider } from './testing/emulators';

/** An administrator's consent that is left between its two pages. */
const olivia = { email: 'olivia@northwind.example' };
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

/** Back from the administrators' page, and no further. */
async function consentOnly() {
  const { url } = await browser.start(context, way);
  const back = await answerConsent(url, olivia);
  const answer = { provider, ...Object.fromEntries(back.searchParams) } as const;
  const done = await finishConsent(memberParty(context), answer, browser.cookie);
  if (!('next' in done)) throw new Error(done.outcome);
  browser.cookies.set(done.next.cookie.name, done.next.cookie.value);
  return done.next;
}
const rows = async (text: string) =>
  (await database.owner.query<Record<string, unknown>>(text, [context.tenantId])).rows;
const connections = () =>
  rows('select state, state_reason from connections where tenant_id = $1 order by id');
const signIns = async () =>
  (
    await rows(
      `select id from consent_requests where tenant_id = $1 and step = 'sign_in' order by id`,
    )
  ).map(({ id }) => id as string);
const timeIsUp = () => database.owner.query('update consent_requests set expires_at = now()');

describe('a consent that nobody confirms', () => {
  it('waits for consent again once its time is up, and says why', async () => {
    await consentOnly();
    expect(await connections()).toMatchObject([{ state: 'verifying' }]);
    await timeIsUp();
    await runEngine(connectionFunctions);
    const relay = new Relay(50);
    relay.start();
    try {
      await expect
        .poll(connections)
        .toEqual([{ state: 'pending', state_reason: expect.stringContaining('was not finished') }]);
    } finally {
      await relay.stop();
    }
  });

  it('is not ended in another tenant’s name', async () => {
    await consentOnly();
    await timeIsUp();
    const [request = ''] = await signIns();
    expect(await endUnproven(await testMember(database), request)).toBe(false);
    expect(await connections()).toMatchObject([{ state: 'verifying' }]);
    expect(await endUnproven(context, request)).toBe(true);
  });

  it('is gone on with by whoever starts over, without a second connection', async () => {
    await consentOnly();
    await consentOnly();
    expect(await connections()).toMatchObject([{ state: 'verifying' }]);
  });

  it('that was begun anew meanwhile is left to that', async () => {
    await consentOnly();
    const [first = ''] = await signIns();
    await consentOnly();
    expect(await endUnproven(context, first)).toBe(false);
    expect(await connections()).toMatchObject([{ state: 'verifying' }]);
  });

  it('is not ended after it was confirmed', async () => {
    const { url } = await consentOnly();
    const back = await answerConsent(url, olivia);
    await browser.finish(context, { provider, back });
    const [first = ''] = await signIns();
    expect(await endUnproven(context, first)).toBe(false);
    expect(await connections()).toMatchObject([{ state: 'active' }]);
  });
});
