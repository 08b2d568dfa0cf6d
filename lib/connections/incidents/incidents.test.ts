import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, newId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { ActingContext, MemberContext } from '@/lib/tenancy';
import { open } from '@/lib/vault';
import { type SignalType, transition } from '../states';
import { testGoogle, testMember } from '../testing';
import { noticeUnsteady } from '../upkeep/unsteady';
import { listIncidents } from './read';
import { tellIncidents } from './tell';

testGoogle();
const database = testDatabase();
let context: MemberContext;

beforeAll(async () => {
  context = await testMember(database);
  await database.createMember(context, { role: 'admin', email: 'adam@acme.example' });
  await database.createMember(context, { role: 'viewer', email: 'vera@acme.example' });
});
beforeEach(async () => {
  for (const table of ['automations', 'connections', 'mails', 'jobs']) {
    await database.owner.query(`delete from ${table}`);
  }
});

async function connected(email: string): Promise<ConnectionId> {
  const id = newId<ConnectionId>();
  await database.owner.query(
    `insert into connections (tenant_id, id, provider, state, account_email, created_by)
     values ($1, $2, 'google', 'active', $3, $4)`,
    [context.tenantId, id, email, context.userId],
  );
  return id;
}
const signal = (id: ConnectionId, type: SignalType) =>
  withTenant(context, (tx) => transition(tx, context, id, { type }));
/** The provider tells that the app was removed there. */
const removed = (id: ConnectionId) => {
  const told: ActingContext = { ...context, actor: { type: 'system', id: null, name: 'Slack' } };
  const reason = 'Somebody removed Tenantry from the workspace in Slack.';
  return withTenant(told, (tx) => transition(tx, told, id, { type: 'disconnected', reason }));
};
const automation = (connectionId: ConnectionId, name: string, enabled = true) =>
  database.owner.query(
    `insert into automations (tenant_id, id, name, template, parameters, connection_id, trigger, enabled, created_by)
     values ($1, $2, $3, 'x', '{}', $4, '{"type":"manual"}', $5, $6)`,
    [context.tenantId, newId(), name, connectionId, enabled, context.userId],
  );
async function mails(): Promise<{ recipient: string; subject: string; text: string }[]> {
  const { rows } = await database.owner.query(
    'select id, recipient, subject, sealed_body from mails order by id',
  );
  return Promise.all(
    rows.map(async ({ id, recipient, subject, sealed_body }) => ({
      recipient,
      subject,
      text: await withTenant(context, (tx) =>
        open(tx, context, { kind: 'mail', subjectId: id, generation: 1 }, sealed_body),
      ),
    })),
  );
}
const jobs = async () =>
  (await database.owner.query("select kind from jobs where kind = 'connection/incident'")).rowCount;

describe('an incident', () => {
  it('is told once to owners and admins, with what waits and since when', async () => {
    const id = await connected('olivia@northwind.example');
    await automation(id, 'Archive newsletters');
    await automation(id, 'Switched off', false);
    await signal(id, 'grant_lost');
    await signal(id, 'grant_lost');
    expect(await jobs()).toBe(1);
    expect(await tellIncidents(context)).toEqual({ broken: 1, recovered: 0 });
    expect(await tellIncidents(context)).toEqual({ broken: 0, recovered: 0 });
    const sent = await mails();
    expect(sent.map(({ recipient }) => recipient)).toEqual(
      ['adam@acme.example', context.email].sort(),
    );
    expect(sent[0]?.subject).toBe(
      '[Tenantry] Google Workspace, olivia@northwind.example has to be connected again',
    );
    expect(sent[0]?.text).toMatch(/1 automation waits for it/);
    expect(sent[0]?.text).toContain(`/connections/${id}`);
  });

  it('is told again when it is over, once', async () => {
    const id = await connected('olivia@northwind.example');
    await signal(id, 'grant_lost');
    await tellIncidents(context);
    await signal(id, 'consented');
    expect(await listIncidents(context)).toHaveLength(1);
    await signal(id, 'verified');
    expect(await jobs()).toBe(2);
    expect(await tellIncidents(context)).toEqual({ broken: 0, recovered: 1 });
    expect(await tellIncidents(context)).toEqual({ broken: 0, recovered: 0 });
    expect((await mails()).at(-1)?.subject).toMatch(/works again$/);
    expect(await listIncidents(context)).toEqual([]);
    const { rows } = await database.owner.query(
      `select action from audit_events where connection_id = $1 and action like '%_told' order by id`,
      [id],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'connection.incident_told',
      'connection.recovery_told',
    ]);
  });

  it('that was over before anybody was told is not told at all', async () => {
    const id = await connected('olivia@northwind.example');
    await signal(id, 'grant_lost');
    await signal(id, 'consented');
    await signal(id, 'verified');
    await tellIncidents(context);
    await tellIncidents(context);
    expect(await mails()).toEqual([]);
  });

  it('that ends by disconnecting is not told as a recovery', async () => {
    const id = await connected('olivia@northwind.example');
    await signal(id, 'grant_lost');
    await tellIncidents(context);
    await signal(id, 'disconnected');
    expect(await tellIncidents(context)).toEqual({ broken: 0, recovered: 0 });
    expect(await mails()).toHaveLength(2);
  });

  it('opens when the app was removed at the provider, and ends with a new connection', async () => {
    const id = await connected('olivia@northwind.example');
    await automation(id, 'Archive newsletters');
    await removed(id);
    await removed(id);
    expect(await jobs()).toBe(1);
    expect(await listIncidents(context)).toMatchObject([
      { connectionId: id, kind: 'needs_reconsent', waiting: ['Archive newsletters'] },
    ]);
    expect(await tellIncidents(context)).toEqual({ broken: 1, recovered: 0 });
    const [told] = await mails();
    expect(told?.subject).toMatch(/has to be connected again$/);
    expect(told?.text).toMatch(/Somebody removed Tenantry(.|\n)*1 automation waits for it/);
    await signal(id, 'consented');
    await signal(id, 'verified');
    expect(await tellIncidents(context)).toEqual({ broken: 0, recovered: 1 });
    expect(await listIncidents(context)).toEqual([]);
  });

  it('that a member ends by disconnecting is silent, whoever was first', async () => {
    const one = await connected('olivia@northwind.example');
    const two = await connected('victor@northwind.example');
    await removed(one);
    await signal(one, 'disconnected');
    await signal(two, 'disconnected');
    await removed(two);
    expect(await listIncidents(context)).toEqual([]);
    expect(await tellIncidents(context)).toEqual({ broken: 0, recovered: 0 });
    expect(await mails()).toEqual([]);
  });

  it('after which the connection broke anew, or was disconnected, is not told as over', async () => {
    const one = await connected('olivia@northwind.example');
    const two = await connected('victor@northwind.example');
    for (const id of [one, two]) await signal(id, 'grant_lost');
    await tellIncidents(context);
    for (const id of [one, two]) {
      await signal(id, 'consented');
      await signal(id, 'verified');
    }
    await signal(one, 'scopes_missing');
    await signal(two, 'disconnected');
    expect(await tellIncidents(context)).toEqual({ broken: 1, recovered: 0 });
    expect((await mails()).at(-1)?.text).not.toMatch(/works again\n/);
    await signal(one, 'consented');
    await signal(one, 'verified');
    expect(await tellIncidents(context)).toEqual({ broken: 0, recovered: 1 });
  });

  it('is told with its whole reason', async () => {
    await signal(await connected('olivia@northwind.example'), 'grant_lost');
    await tellIncidents(context);
    expect((await mails())[0]?.text).toContain('or the password was changed. Connect again.\n');
  });

  it('among many at once is in one mail with the others', async () => {
    const ids = await Promise.all(
      Array.from({ length: 25 }, (_, n) => connected(`person${n}@northwind.example`)),
    );
    for (const id of ids) await signal(id, 'grant_lost');
    expect(await tellIncidents(context)).toEqual({ broken: 25, recovered: 0 });
    const sent = await mails();
    expect(sent).toHaveLength(2);
    expect(sent[0]?.subject).toBe('[Tenantry] 25 connections need you');
    expect(sent[0]?.text).toContain('And 5 more');
  });

  it('is told once by several processes at the same time', async () => {
    await signal(await connected('olivia@northwind.example'), 'policy_blocked');
    const told = await Promise.all(Array.from({ length: 5 }, () => tellIncidents(context)));
    expect(told.reduce((sum, { broken }) => sum + broken, 0)).toBe(1);
    expect(await mails()).toHaveLength(2);
  });

  it('that turns into another trouble stays one', async () => {
    const id = await connected('olivia@northwind.example');
    await signal(id, 'scopes_missing');
    await signal(id, 'grant_lost');
    expect(await listIncidents(context)).toMatchObject([{ kind: 'needs_reconsent' }]);
    expect(await jobs()).toBe(1);
  });

  it('shows what waits, to its own tenant only', async () => {
    const id = await connected('olivia@northwind.example');
    for (const name of ['A', 'B', 'C', 'D']) await automation(id, name);
    await signal(id, 'grant_lost');
    expect(await listIncidents(context)).toMatchObject([
      {
        connectionId: id,
        name: 'olivia@northwind.example',
        waiting: ['A', 'B', 'C'],
        waitingCount: 4,
      },
    ]);
    expect(await listIncidents(await testMember(database))).toEqual([]);
  });
});

describe('a connection that answers badly', () => {
  const longAgo = () =>
    database.owner.query(`update connections set state_changed_at = now() - interval '11 minutes'`);

  it('for minutes is no incident, for ten it is one, and ends with the next good answer', async () => {
    const id = await connected('olivia@northwind.example');
    await signal(id, 'unavailable');
    expect(await noticeUnsteady()).toBe(0);
    await longAgo();
    expect(await noticeUnsteady()).toBe(1);
    expect(await noticeUnsteady()).toBe(0);
    expect(await tellIncidents(context)).toMatchObject({ broken: 1 });
    const [told] = await mails();
    expect(told?.text).toMatch(/nothing to do/);
    await signal(id, 'call_succeeded');
    expect(await tellIncidents(context)).toMatchObject({ recovered: 1 });
  });

  it('and then needs somebody is told once more: they read that there is nothing to do', async () => {
    const id = await connected('olivia@northwind.example');
    await signal(id, 'unavailable');
    await longAgo();
    await noticeUnsteady();
    await tellIncidents(context);
    await signal(id, 'grant_lost');
    await signal(id, 'policy_blocked');
    expect(await jobs()).toBe(2);
    expect(await tellIncidents(context)).toEqual({ broken: 1, recovered: 0 });
    expect((await mails()).at(-1)?.subject).toMatch(/has to be connected again$/);
    await signal(id, 'consented');
    await signal(id, 'verified');
    expect(await tellIncidents(context)).toEqual({ broken: 0, recovered: 1 });
  });
});
