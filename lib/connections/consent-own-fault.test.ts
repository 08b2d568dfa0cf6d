import { beforeEach, expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import { tids } from '@/emulators/microsoft/testing';
import { answerSlackConsent } from '@/emulators/slack/testing';
import { answerConsent } from '@/emulators/testing';
import { forgetFaults } from '@/lib/app-faults/gate';
import type { ProviderKey } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { answerConsentPage, testMember } from './testing';
import { TestBrowser } from './testing/browser';
import { testProviders, tokenPaths } from './testing/world';

/** Our own client is refused while somebody connects: that is ours to hear of, and to say so. */
const olivia = { email: 'olivia@northwind.example' };
const emulators = testProviders('google', 'microsoft', 'slack');
const database = testDatabase();
let context: MemberContext;

const faults = async () =>
  (
    await database.owner.query(
      'select provider, code, area from provider_app_faults where cleared_at is null',
    )
  ).rows;
const reasons = async () =>
  (
    await database.owner.query<{ state_reason: string }>(
      'select state_reason from connections where tenant_id = $1',
      [context.tenantId],
    )
  ).rows;

beforeEach(async () => {
  for (const emulator of Object.values(emulators)) emulator.clearFaults();
  await database.owner.query('delete from provider_app_faults');
  forgetFaults();
  context = await testMember(database);
});

const pages: Readonly<Record<ProviderKey, (url: string) => Promise<URL>>> = {
  google: (url) => answerConsentPage(url, olivia),
  microsoft: (url) => answerConsent(url, olivia),
  slack: (url) => answerSlackConsent(url, 'northwind'),
};

async function connect(provider: ProviderKey, answer?: { status: number; body: unknown }) {
  const browser = new TestBrowser();
  const authority = provider === 'slack' ? 'application' : 'delegated';
  const { url } = await browser.start(context, { provider, authority });
  const back = await pages[provider](url);
  if (answer) emulators[provider].fault({ path: tokenPaths[provider], ...answer });
  const done = await browser.finish(context, { provider, back });
  emulators[provider].clearFaults();
  return done.outcome;
}

const aadsts = (error: string, number: number) => ({
  status: 401,
  body: { error, error_description: `AADSTS${number}: words.`, error_codes: [number] },
});

it.each<[provider: ProviderKey, code: string, answer: { status: number; body: unknown }]>([
  ['google', 'invalid_client', { status: 401, body: { error: 'invalid_client' } }],
  ['google', 'deleted_client', { status: 401, body: { error: 'deleted_client' } }],
  ['microsoft', 'AADSTS7000222', aadsts('invalid_client', 7_000_222)],
  ['microsoft', 'AADSTS7000215', aadsts('invalid_client', 7_000_215)],
  ['slack', 'bad_client_secret', { status: 200, body: { ok: false, error: 'bad_client_secret' } }],
])(
  '%s refuses our client with %s: staff hear of it, and it is over with the next consent',
  async (provider, code, answer) => {
    expect(await connect(provider, answer)).toBe('app_fault');
    expect(await faults()).toEqual([{ provider, code, area: 'token' }]);
    expect(await reasons()).toEqual([{ state_reason: expect.stringContaining('We are on it') }]);
    expect(await connect(provider)).toBe('connected');
    expect(await faults()).toEqual([]);
  },
);

it.each<[provider: ProviderKey, code: string, answer: { status: number; body: unknown }]>([
  ['google', 'invalid_request', { status: 400, body: { error: 'invalid_request' } }],
  ['google', 'redirect_uri_mismatch', { status: 400, body: { error: 'redirect_uri_mismatch' } }],
  ['microsoft', 'AADSTS50011', aadsts('invalid_request', 50_011)],
  ['slack', 'bad_redirect_uri', { status: 200, body: { ok: false, error: 'bad_redirect_uri' } }],
])(
  '%s’s %s, which whoever brings a code of their own can bring about, stops nobody',
  async (provider, _code, answer) => {
    expect(await connect(provider, answer)).toBe('provider_failed');
    expect(await faults()).toEqual([]);
  },
);

it('Microsoft refuses our client at an administrator’s proof: staff hear of it', async () => {
  const browser = new TestBrowser();
  const way = { provider: 'microsoft', authority: 'application' } as const;
  const { url } = await browser.start(context, way);
  const back = new URL('http://localhost:3000/api/connections/microsoft/callback');
  const state = new URL(url).searchParams.get('state') ?? '';
  back.search = String(
    new URLSearchParams({ admin_consent: 'True', tenant: tids.northwind, state }),
  );
  emulators.microsoft.fault({
    path: tokenPaths.microsoft,
    ...aadsts('invalid_client', 7_000_222),
  });
  const done = await browser.finish(context, { provider: 'microsoft', back }, olivia);
  expect(done.outcome).toBe('app_fault');
  expect(await faults()).toMatchObject([{ provider: 'microsoft', area: 'token' }]);
});
