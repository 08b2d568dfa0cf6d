import { type APIRequestContext, expect, type Page } from '@playwright/test';
import { callAction } from './actions';
import { connectGoogle, discovered } from './connect';
import { sql } from './database';
import type { TestServer } from './server';

/** Real ids of one organisation, one of each kind that stands in an address or is sent. */
export interface TenantIds {
  readonly tenant: string;
  readonly connection: string;
  readonly resource: string;
  readonly automation: string;
  readonly run: string;
  readonly step: string;
  readonly report: string;
  readonly event: string;
  readonly member: string;
  readonly invitation: string;
  readonly request: string;
  readonly person: string;
}

const patience = { timeout: 60_000 };

/** Make an automation that only reads, and let it run to its end. */
async function runReport(request: APIRequestContext, connectionId: string): Promise<void> {
  const actions = 'app/(tenant)/automations/actions.ts';
  const made = await callAction(request, `${actions}#create`, {
    name: 'Shared outside',
    connectionId,
    parameters: { ownDomains: '', limit: '1000' },
    trigger: { type: 'manual' },
    template: 'external-files',
  });
  const automationId = made.redirect?.split('/').at(-1);
  expect(automationId, JSON.stringify(made)).toBeTruthy();
  const key = crypto.randomUUID();
  const started = await callAction(request, `${actions}#start`, {
    automationId,
    dryRun: false,
    key,
  });
  expect(started.result, JSON.stringify(started)).toMatchObject({ ok: true, data: key });
  const state = async () => (await (await request.get(`/api/runs/${key}`)).json()).state;
  await expect.poll(state, patience).toBe('succeeded');
}

const idsOf = `
select t.id as tenant, c.id as connection, r.id as run, r.automation_id as automation,
  (select id from resources where tenant_id = t.id limit 1) as resource,
  (select id from run_steps where tenant_id = t.id and run_id = r.id limit 1) as step,
  (select id from reports where tenant_id = t.id and run_id = r.id) as report,
  (select id from audit_events where tenant_id = t.id limit 1) as event,
  (select m.id from memberships m join users u on u.id = m.user_id
   where m.tenant_id = t.id and u.email = $2) as member,
  (select request_id from audit_events where tenant_id = t.id and run_id = r.id
   order by id limit 1) as request,
  (select id from users where email = $2) as person,
  (select id from invitations where tenant_id = t.id and accepted_at is null limit 1) as invitation
from tenants t
  join connections c on c.tenant_id = t.id
  join runs r on r.tenant_id = t.id and r.connection_id = c.id
where t.name = $1 and exists (select from reports p where p.tenant_id = t.id and p.run_id = r.id)
order by r.created_at desc limit 1`;

/** What there is to find in an organisation, if it has one of everything. */
async function find(server: TestServer, name: string, owner: string) {
  const [ids] = await sql<TenantIds>(server, idsOf, [name, owner]);
  return ids && Object.values(ids).every((id) => typeof id === 'string') ? ids : undefined;
}

/**
 * Let an organisation have one of everything, by the person who is signed in on this page.
 * @param owner who has an account of the same address at the stand-in for Google
 */
export async function furnish(
  page: Page,
  server: TestServer,
  { name, owner }: { readonly name: string; readonly owner: string },
): Promise<TenantIds> {
  const already = await find(server, name, owner);
  if (already) return already;
  await connectGoogle(page, owner);
  await discovered(page);
  await runReport(page.request, new URL(page.url()).pathname.split('/').at(-1) ?? '');
  const invite = { email: 'somebody.invited@harbour.example', role: 'viewer' };
  const sent = await callAction(page.request, 'app/(tenant)/members/actions.ts#invite', invite);
  expect(sent.result, JSON.stringify(sent)).toMatchObject({ ok: true });
  const ids = await find(server, name, owner);
  if (!ids) throw new Error(`${name} does not have one of everything.`);
  return ids;
}
