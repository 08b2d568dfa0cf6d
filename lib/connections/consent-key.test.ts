import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import { changePerson, delegateTo, serviceAccountKey } from '@/emulators/testing/google';
import { delegationScopes } from '@/lib/providers/google';
import type { MemberContext } from '@/lib/tenancy';
import { connectWithKey, connectWithKeyByLink } from './consent-key';
import { requireOpenLink, viewConsentLink } from './consent-link-open';
import { handOverConsent } from './consent-links';
import { testGoogle, testMember } from './testing';
import { facts } from './testing/browser';

const google = testGoogle();
const database = testDatabase();
const administrator = 'olivia@northwind.example';
const wish = { provider: 'google', authority: 'application' } as const;
const every = delegationScopes.map(({ scope }) => scope);
let context: MemberContext;
let key: string;

beforeAll(async () => {
  key = await serviceAccountKey(google, 'northwind.example');
});
beforeEach(async () => {
  context = await testMember(database);
  await delegateTo(google, 'northwind.example', every);
});

async function connections() {
  const { rows } = await database.owner.query<Record<string, unknown>>(
    `select c.state, c.state_reason, c.provider_tenant, c.account_email, k.generation
       from connections c left join credentials k on k.connection_id = c.id
      where c.tenant_id = $1`,
    [context.tenantId],
  );
  return rows;
}

it('a key that works connects the organisation', async () => {
  expect(await connectWithKey(context, wish, { key, administrator })).toMatchObject({
    outcome: 'connected',
  });
  expect(await connections()).toMatchObject([
    { state: 'active', provider_tenant: 'northwind.example', account_email: null, generation: 1 },
  ]);
});

it.each([
  ['no JSON', 'hello'],
  ['an OAuth client', '{"installed":{}}'],
  ['nothing', '{}'],
])('a file that is %s is told at its field, and nothing is sent', async (_what, text) => {
  google.clearRequests();
  expect(await connectWithKey(context, wish, { key: text, administrator })).toEqual({
    fault: { field: 'key', message: expect.any(String) },
  });
  expect(google.requests()).toEqual([]);
});

it('without the delegation it stays pending and says what to click', async () => {
  await delegateTo(google, 'northwind.example', []);
  expect(await connectWithKey(context, wish, { key, administrator })).toMatchObject({
    fault: { field: null, message: expect.stringContaining('Domain-wide delegation') },
  });
  expect(await connections()).toMatchObject([
    { state: 'pending', state_reason: expect.stringContaining('Domain-wide') },
  ]);
});

it('a person who is no administrator is told at their field', async () => {
  await changePerson(google, 'victor@northwind.example', { admin: false });
  expect(
    await connectWithKey(context, wish, { key, administrator: 'victor@northwind.example' }),
  ).toMatchObject({ fault: { field: 'administrator' } });
});

it('a key of another organisation is refused, and the old one stays in use', async () => {
  const made = await connectWithKey(context, wish, { key, administrator });
  const connectionId = ('connectionId' in made ? made.connectionId : '') as ConnectionId;
  const before = await connections();
  const other = await serviceAccountKey(google, 'fabrikam.example');
  await delegateTo(google, 'fabrikam.example', every);
  expect(
    await connectWithKey(
      context,
      { connectionId },
      { key: other, administrator: 'omar@fabrikam.example' },
    ),
  ).toMatchObject({ fault: { message: expect.stringContaining('different organisation') } });
  expect(await connections()).toEqual(before);
});

it('by a link it takes nobody who is signed in, and works once', async () => {
  const { url } = await handOverConsent(context, wish, {
    forEmail: 'it@northwind.example',
    days: 1,
    mail: false,
  });
  const token = url.split('/').at(-1) ?? '';
  expect(await viewConsentLink(token, facts)).toMatchObject({
    form: 'service_account',
    keySetUp: { scopeList: every.join(',') },
  });
  const holder = await requireOpenLink(token, facts);
  const given = { key, administrator };
  expect(await connectWithKeyByLink(holder, given)).toMatchObject({ outcome: 'connected' });
  expect(await connectWithKeyByLink(holder, given)).toMatchObject({
    fault: { message: expect.stringContaining('link was used') },
  });
});

it('is kept nowhere in readable form', async () => {
  await connectWithKey(context, wish, { key, administrator });
  const { private_key_id: id } = JSON.parse(key) as { private_key_id: string };
  const { rows } = await database.owner.query<{ dump: string }>(
    `select string_agg(c::text, '') || (select string_agg(a::text, '') from audit_events a)
            || (select string_agg(p::text, '') from provider_calls p) as dump from credentials c`,
  );
  expect(rows[0]?.dump).not.toContain(id);
  expect(rows[0]?.dump).not.toContain('PRIVATE KEY');
});
