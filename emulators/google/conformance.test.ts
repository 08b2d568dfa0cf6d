import { createEmulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CalendarActions, MailActions } from '@/lib/providers';
import {
  emulatorConfig,
  type GoogleConfig,
  googleClient,
  googleOAuth,
} from '@/lib/providers/google';
import { startEmulator } from '../index';
import { answerConsent, collect, refreshTokenOf, testRedirect } from '../testing';

/**
 * Emulate ships a Google of its own, written by other people from the same documentation. Where it
 * goes as far as ours, the adapter must not be able to tell the two apart.
 */
interface Double {
  readonly config: GoogleConfig;
  readonly email: string;
  close(): Promise<void>;
}

async function ours(): Promise<Double> {
  const { url, close } = await startEmulator();
  return { config: emulatorConfig(url), email: 'olivia@northwind.example', close };
}

async function theirs(): Promise<Double> {
  const email = 'olivia@northwind.example';
  const { clientId, clientSecret } = emulatorConfig('http://localhost');
  const emulator = await createEmulator({
    service: 'google',
    port: 0,
    seed: {
      google: {
        users: [{ email, name: 'Olivia Marsh', hd: 'northwind.example' }],
        oauth_clients: [
          { client_id: clientId, client_secret: clientSecret, redirect_uris: [testRedirect] },
        ],
        messages: Array.from({ length: 12 }, (_, index) => ({
          id: `m${index}`,
          user_email: email,
          from: 'Packet <hello@packet-weekly.example>',
          to: email,
          subject: `Issue ${index}`,
          body_text: 'News',
          label_ids: ['INBOX', 'CATEGORY_PROMOTIONS'],
        })),
        calendars: [{ id: email, user_email: email, summary: email, primary: true }],
      },
    },
  });
  const base = emulatorConfig(emulator.url);
  const at = (path: string) => new URL(path, emulator.url).href;
  const endpoints = {
    ...base.endpoints,
    token: at('/oauth2/token'),
    revoke: at('/oauth2/revoke'),
    userInfo: at('/oauth2/v2/userinfo'),
  };
  return { config: { ...base, endpoints }, email, close: () => emulator.close() };
}

describe.each([
  ['ours', ours],
  ['emulate’s', theirs],
])('the adapter on %s', (_name, start) => {
  let double: Double;
  let mail: MailActions;
  let calendar: CalendarActions;

  async function consent() {
    const oauth = googleOAuth(double.config);
    const { codeVerifier, codeChallenge } = await oauth.createPkce();
    const scopes = [
      'openid',
      'email',
      'https://www.googleapis.com/auth/gmail.modify',
      'https://www.googleapis.com/auth/calendar.readonly',
    ];
    const request = { state: 's', codeChallenge, redirectUri: testRedirect, scopes };
    const back = await answerConsent(oauth.authorizationUrl(request), { email: double.email });
    const code = back.searchParams.get('code') ?? '';
    const tokens = await oauth.exchangeCode({ code, codeVerifier, redirectUri: testRedirect });
    return { oauth, tokens };
  }

  beforeAll(async () => {
    double = await start();
    const { tokens } = await consent();
    const accessToken = async () => tokens.accessToken;
    const client = googleClient(double.config, { accessToken, fetch, scopes: tokens.scopes });
    mail = client.mail as MailActions;
    calendar = client.calendar as CalendarActions;
  });
  afterAll(() => double.close());

  it('searches, page by page', async () => {
    const ids = await collect(mail.searchMessages({ query: 'in:inbox', limit: 10 }));
    expect(ids).toHaveLength(10);
  });

  it('reads a message’s headers', async () => {
    const [id = ''] = await collect(mail.searchMessages({ query: 'from:packet', limit: 1 }));
    expect(await mail.getMessage(id)).toMatchObject({
      id,
      from: 'Packet <hello@packet-weekly.example>',
      labelIds: expect.arrayContaining(['INBOX']),
    });
  });

  it('makes a label once and moves a message with it', async () => {
    const label = await mail.ensureLabel('Newsletters');
    expect(await mail.ensureLabel('Newsletters')).toEqual({ ...label, created: false });
    const [id = ''] = await collect(mail.searchMessages({ query: 'from:packet', limit: 1 }));
    await mail.modifyMessageLabels(id, { add: [label.id], remove: ['INBOX'] });
    const { labelIds } = await mail.getMessage(id);
    expect(labelIds).toContain(label.id);
    expect(labelIds).not.toContain('INBOX');
  });

  it('sends, and finds what it sent by its Message-ID', async () => {
    const messageId = '<effect-1@tenantry.example>';
    const sent = await mail.send({ to: [double.email], subject: 'Hi', text: 'Hi', messageId });
    expect(await mail.findSentByMessageId(messageId)).toEqual(sent);
    expect(await mail.findSentByMessageId('<never@tenantry.example>')).toBeNull();
  });

  it('reads a day’s events', async () => {
    const events = await calendar.eventsOnDay(new Date(), 'Europe/London');
    expect(Array.isArray(events)).toBe(true);
  });

  it('says not_found for what is not there', async () => {
    await expect(mail.getMessage('ffffffffffffffff')).rejects.toMatchObject({ kind: 'not_found' });
  });

  // Last, for it takes back what the others use.
  it('signs in, names the account, refreshes and is shut out after a revocation', async () => {
    const { oauth, tokens } = await consent();
    expect(await oauth.account(tokens.accessToken)).toMatchObject({
      email: double.email,
      organizationId: 'northwind.example',
    });
    const grant = refreshTokenOf(tokens);
    expect(await oauth.refresh(grant)).toMatchObject({ refreshToken: null });
    await oauth.revoke(grant.refreshToken);
    await expect(oauth.refresh(grant)).rejects.toMatchObject({ kind: 'needs_reconsent' });
  });
});
