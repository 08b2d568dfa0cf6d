import { beforeEach, expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import type { Role } from '@/emulators/slack/consent-page';
import { answerSlackConsent } from '@/emulators/slack/testing';
import type { MemberContext } from '@/lib/tenancy';
import { testMember } from './testing';
import { TestBrowser } from './testing/browser';
import { testProvider } from './testing/emulators';

testProvider('slack');
const database = testDatabase();
const provider = 'slack';
let context: MemberContext;
const browser = new TestBrowser();

beforeEach(async () => {
  context = await testMember(database);
});

async function connection() {
  const { rows } = await database.owner.query<Record<string, unknown>>(
    `select c.id, c.state, c.organization_name, c.account_email, c.scopes, k.generation
       from connections c left join credentials k on k.connection_id = c.id
      where c.tenant_id = $1`,
    [context.tenantId],
  );
  return rows[0];
}

async function consent(
  workspace: string | null,
  wish?: { connectionId: never; scopes?: string[] },
  role?: Role,
) {
  const { url } = await browser.start(context, wish ?? { provider, authority: 'application' });
  return browser.finish(context, {
    provider,
    back: await answerSlackConsent(url, workspace, role),
  });
}

it('a workspace is connected with no more than is required', async () => {
  expect((await consent('northwind')).outcome).toBe('connected');
  const made = await connection();
  expect(made).toMatchObject({ state: 'active', account_email: null, generation: 1 });
  expect(made?.scopes).toEqual(['channels:read', 'chat:write', 'users:read']);
});

it('one thing more is asked for when it is needed, and what there was stays', async () => {
  await consent('northwind');
  const connectionId = (await connection())?.id as never;
  const more = await consent('northwind', {
    connectionId,
    scopes: ['channels:manage', 'invented'],
  });
  expect(more.outcome).toBe('connected');
  expect(await connection()).toMatchObject({
    scopes: ['channels:manage', 'channels:read', 'chat:write', 'users:read'],
    generation: 2,
  });
});

it('what another organisation was given for the same workspace is not taken over', async () => {
  await consent('northwind');
  const connectionId = (await connection())?.id as never;
  await consent('northwind', { connectionId, scopes: ['channels:manage'] });
  context = await testMember(database);
  await consent('northwind');
  expect((await connection())?.scopes).toEqual(['channels:read', 'chat:write', 'users:read']);
});

it('another workspace than before is refused, and the old one stays in use', async () => {
  await consent('northwind');
  const before = await connection();
  const again = await consent('fabrikam', { connectionId: before?.id as never });
  expect(again.outcome).toBe('other_organisation');
  expect(await connection()).toEqual(before);
});

it('a member of the workspace cannot connect it to a tenant of their own', async () => {
  const made = await consent('northwind', undefined, 'member');
  expect(made.outcome).toBe('needs_administrator');
  expect(await connection()).toMatchObject({ state: 'pending', generation: null });
  const { rows } = await database.owner.query(
    'select state_reason from connections where tenant_id = $1',
    [context.tenantId],
  );
  expect(rows[0]?.state_reason).toContain('administrator or owner of the Slack workspace');
});

it('nor renew it in the administrator’s place', async () => {
  await consent('northwind');
  const before = await connection();
  const again = await consent('northwind', { connectionId: before?.id as never }, 'member');
  expect(again.outcome).toBe('needs_administrator');
  expect(await connection()).toEqual(before);
});

it('that is denied stays pending', async () => {
  expect((await consent(null)).outcome).toBe('denied');
  expect(await connection()).toMatchObject({ state: 'pending' });
});
