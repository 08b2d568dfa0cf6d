import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CampaignId, type ConnectionId, newId, type TenantId, type UserId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { testGoogle } from '@/lib/connections/testing';
import {
  askOne,
  browseRequests,
  exportCampaign,
  openCampaign,
  openRequests,
  sizeAudience,
  startCampaign,
} from '.';
import { sendDue } from './mails';
import { stopCampaign } from './stop';

testGoogle();
const database = testDatabase();
const events = 'https://www.googleapis.com/auth/calendar.events';
const everybody = { provider: 'google', authority: 'delegated', scopes: [] as string[] } as const;
const sam: StaffContext = {
  userId: newId<UserId>(),
  role: 'support',
  name: 'Sam Support',
  email: 'sam@support.example',
  requestId: 'request-9',
};
const inDays = (days: number) =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const words = { message: 'Google asks for it.', deadline: inDays(14), remindEveryDays: 3 };

interface Made {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
}

async function connection(state: string, scopes: readonly string[] = []): Promise<Made> {
  const { tenantId } = await database.createTenant();
  await database.createMember({ tenantId }, { role: 'owner' });
  await database.createMember({ tenantId }, { role: 'viewer' });
  const connectionId = newId<ConnectionId>();
  await database.owner.query(
    `insert into connections (tenant_id, id, provider, state, account_id, account_email, scopes, created_by)
     values ($1, $2::uuid, 'google', $3, $2::text, 'ada@example.com', $4, $5)`,
    [tenantId, connectionId, state, scopes, newId()],
  );
  return { tenantId, connectionId };
}

const rows = async (sql: string, values: readonly unknown[] = []) =>
  (await database.owner.query<Record<string, unknown>>(sql, [...values])).rows;
const mailsTo = ({ tenantId }: Made) =>
  rows('select recipient, subject from mails where tenant_id = $1', [tenantId]);
const linksOf = ({ tenantId }: Made) =>
  rows('select revoked_at, campaign_id from consent_links where tenant_id = $1 order by id', [
    tenantId,
  ]);
/** As if the time of the next mail had come. */
const elapse = () =>
  database.owner.query(
    'update reconsent_requests set next_mail_at = now() where next_mail_at > now()',
  );
const states = async (campaignId: CampaignId) =>
  (await browseRequests(sam, { campaignId })).items.map(({ state }) => state);

beforeAll(async () => {
  await database.owner.query('insert into users (id, email, name) values ($1, $2, $3)', [
    sam.userId,
    sam.email,
    sam.name,
  ]);
});
const hire = () =>
  database.owner.query(
    "insert into staff (user_id, role) values ($1, 'support') on conflict do nothing",
    [sam.userId],
  );
beforeEach(async () => {
  await hire();
  await database.owner.query('truncate connections, campaigns cascade');
});

describe('a campaign', () => {
  it('asks those that stopped working, and nobody else', async () => {
    const broken = [await connection('needs_reconsent'), await connection('needs_scopes')];
    for (const state of ['active', 'degraded', 'pending', 'disconnected']) await connection(state);
    expect(await sizeAudience(sam, everybody)).toEqual({ tenants: 2, connections: 2 });
    const id = await startCampaign(sam, { ...everybody, ...words });
    const { items } = await browseRequests(sam, { campaignId: id });
    expect(items.map(({ tenantId }) => tenantId).sort()).toEqual(
      broken.map(({ tenantId }) => tenantId).sort(),
    );
  });

  it('asks those that lack a permission, working or not', async () => {
    const lacking = await connection('active');
    await connection('active', [events]);
    for (const state of ['pending', 'verifying', 'disconnected']) await connection(state);
    const id = await startCampaign(sam, { ...everybody, scopes: [events], ...words });
    const { items } = await browseRequests(sam, { campaignId: id });
    expect(items).toMatchObject([{ ...lacking, state: 'waiting' }]);
  });

  it('leaves suspended tenants alone', async () => {
    const { tenantId } = await connection('needs_reconsent');
    await database.owner.query("update tenants set state = 'suspended' where id = $1", [tenantId]);
    await expect(startCampaign(sam, { ...everybody, ...words })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('names the look at every tenant it asks', async () => {
    const { tenantId } = await connection('needs_reconsent');
    await startCampaign(sam, { ...everybody, ...words });
    expect(
      await rows(
        "select tenant_id from staff_access_logs where action = 'campaign.started' order by id desc limit 1",
      ),
    ).toEqual([{ tenant_id: tenantId }]);
  });

  it.each([
    ['a day that has passed', { deadline: inDays(-1) }],
    ['a day too far away', { deadline: inDays(400) }],
    ['a permission that nobody uses', { scopes: ['https://evil.example/all'] }],
  ])('is refused with %s', async (_name, wrong) => {
    await connection('needs_reconsent');
    await expect(startCampaign(sam, { ...everybody, ...words, ...wrong })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});

describe('its mails', () => {
  it('go to owners and admins once, with a link, on their own record', async () => {
    const made = await connection('needs_reconsent');
    const id = await startCampaign(sam, { ...everybody, ...words });
    expect(await sendDue()).toBe(1);
    expect(await sendDue()).toBe(0);
    expect(await mailsTo(made)).toMatchObject([
      { subject: expect.stringMatching(/^Please connect ada@example.com again by /) },
    ]);
    expect(await linksOf(made)).toMatchObject([{ revoked_at: null, campaign_id: id }]);
    expect(
      await rows(
        "select actor_type, actor_name from audit_events where tenant_id = $1 and action = 'connection.reconsent_asked'",
        [made.tenantId],
      ),
    ).toEqual([{ actor_type: 'staff', actor_name: 'Sam Support' }]);
  });

  it('are repeated as reminders until the day has come', async () => {
    const made = await connection('needs_reconsent');
    await startCampaign(sam, { ...everybody, ...words });
    await sendDue();
    await elapse();
    await sendDue();
    expect((await mailsTo(made)).map(({ subject }) => subject)).toContainEqual(
      expect.stringMatching(/^Reminder: please /),
    );
    await database.owner.query("update reconsent_requests set deadline = now() - interval '1 day'");
    await elapse();
    expect(await sendDue()).toBe(0);
  });

  it('leave the links open that may have been handed on, until it is given', async () => {
    const made = await connection('needs_reconsent');
    await startCampaign(sam, { ...everybody, ...words });
    await sendDue();
    await startCampaign(sam, { ...everybody, ...words });
    await elapse();
    await sendDue();
    expect(await linksOf(made)).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ revoked_at: null })),
    );
  });

  it('go on without a link, which would open nothing, when who asked is no staff any more', async () => {
    const made = await connection('needs_reconsent');
    await startCampaign(sam, { ...everybody, ...words });
    await database.owner.query('delete from staff where user_id = $1', [sam.userId]);
    expect(await sendDue()).toBe(1);
    expect(await mailsTo(made)).toHaveLength(1);
    expect(await linksOf(made)).toEqual([]);
  });

  it('stop when the connection works again', async () => {
    const made = await connection('needs_reconsent');
    const id = await startCampaign(sam, { ...everybody, ...words });
    await database.owner.query("update connections set state = 'active' where id = $1", [
      made.connectionId,
    ]);
    expect(await sendDue()).toBe(0);
    expect(await states(id)).toEqual(['done']);
    expect(await openCampaign(sam, id)).toMatchObject({ done: 1, connections: 1, tenants: 1 });
  });

  it('that cannot be written keep nobody else’s back', async () => {
    const [first, second] = [
      await connection('needs_reconsent'),
      await connection('needs_reconsent'),
    ];
    await startCampaign(sam, { ...everybody, ...words });
    // A link needs its provider's client: without it, nothing can be asked for.
    await database.owner.query(
      "update connections set provider = 'slack', authority = 'delegated' where id = $1",
      [first.connectionId],
    );
    expect(await sendDue()).toBe(1);
    expect(await mailsTo(second)).toHaveLength(1);
  });
});

describe('a campaign that is stopped', () => {
  it('sends nothing more, and its links lead nowhere', async () => {
    const made = await connection('needs_reconsent');
    const id = await startCampaign(sam, { ...everybody, ...words });
    await sendDue();
    await stopCampaign(sam, id);
    expect(await sendDue()).toBe(0);
    expect(await linksOf(made)).toMatchObject([{ revoked_at: expect.any(Date) }]);
    expect(await states(id)).toEqual(['stopped']);
  });

  it('cannot be stopped twice', async () => {
    await connection('needs_reconsent');
    const id = await startCampaign(sam, { ...everybody, ...words });
    await stopCampaign(sam, id);
    await expect(stopCampaign(sam, id)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('what a connection is asked', () => {
  const asked = ({ tenantId, connectionId }: Made) => openRequests({ tenantId }, connectionId);

  it('stands on its own page while it is asked, with the words and the day', async () => {
    const made = await connection('needs_reconsent');
    const other = await connection('needs_reconsent');
    const id = await startCampaign(sam, { ...everybody, ...words });
    expect(await asked(made)).toEqual([
      {
        id: expect.any(String),
        scopes: [],
        message: words.message,
        deadline: `${words.deadline}T23:59:59.999Z`,
        requestedName: sam.name,
      },
    ]);
    expect(await asked({ ...other, tenantId: made.tenantId })).toEqual([]);
    await stopCampaign(sam, id);
    expect(await asked(made)).toEqual([]);
  });

  it('is over once it is given, or its day has passed', async () => {
    const [given, late] = [await connection('active'), await connection('active')];
    await startCampaign(sam, { ...everybody, scopes: [events], ...words });
    expect(await asked(given)).toMatchObject([{ scopes: [events] }]);
    await database.owner.query('update connections set scopes = $1 where id = $2', [
      [events],
      given.connectionId,
    ]);
    await database.owner.query(
      `update reconsent_requests set deadline = now() - interval '1 second' where tenant_id = $1`,
      [late.tenantId],
    );
    expect([...(await asked(given)), ...(await asked(late))]).toEqual([]);
  });
});

describe('one connection', () => {
  it('is asked by itself', async () => {
    const made = await connection('needs_reconsent');
    const id = await askOne(sam, { connectionId: made.connectionId, ...words });
    expect(await openCampaign(sam, id)).toMatchObject({ connections: 1 });
  });

  it('that nobody has is not there', async () => {
    const wish = { connectionId: newId<ConnectionId>(), ...words };
    await expect(askOne(sam, wish)).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each(['disconnected', 'pending', 'active'])('that is %s is left alone', async (state) => {
    const { connectionId } = await connection(state);
    await expect(askOne(sam, { connectionId, ...words })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

it('the export has a line to each connection, in every state', async () => {
  const made = await connection('needs_reconsent');
  const id = await startCampaign(sam, { ...everybody, ...words });
  const csv = await new Response(await exportCampaign(sam, id)).text();
  expect(csv).toMatch(/^\ufeff?tenantName,tenantId/);
  expect(csv).toContain(made.connectionId);
});
