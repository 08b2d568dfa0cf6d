import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AutomationId,
  type ConnectionId,
  newId,
  type TenantContext,
  type UserId,
  withTenant,
} from '@/db';
import { automations, connections, discoveries, runs } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { readOverview } from '.';

const database = testDatabase();
let tenant: TenantContext;
let userId: UserId;

beforeEach(async () => {
  tenant = await database.createTenant('Harbour');
  ({ userId } = await database.createMember(tenant));
});

type State = (typeof connections.$inferInsert)['state'];

async function connect(state: State = 'active', of = tenant): Promise<ConnectionId> {
  const id = newId<ConnectionId>();
  await withTenant(of, (tx) =>
    tx.insert(connections).values({
      ...{ tenantId: of.tenantId, id, provider: 'google', state, createdBy: userId },
    }),
  );
  return id;
}

async function discover(connectionId: ConnectionId, state: 'running' | 'succeeded' | 'failed') {
  await withTenant(tenant, (tx) =>
    tx.insert(discoveries).values({ tenantId: tenant.tenantId, connectionId, state }),
  );
}

interface Made {
  readonly automationId: AutomationId;
  readonly connectionId: ConnectionId;
}

async function automate(
  connectionId: ConnectionId,
  given: Partial<typeof automations.$inferInsert> = {},
  of = tenant,
): Promise<Made> {
  const id = newId<AutomationId>();
  await withTenant(of, (tx) =>
    tx.insert(automations).values({
      ...{ tenantId: of.tenantId, id, connectionId, createdBy: userId, name: 'Newsletters' },
      ...{ template: 'newsletters', parameters: {}, trigger: { type: 'manual' } },
      ...given,
    }),
  );
  return { automationId: id, connectionId };
}

const run = (made: Made, given: Partial<typeof runs.$inferInsert> = {}, of = tenant) =>
  withTenant(of, (tx) =>
    tx.insert(runs).values({
      ...{ tenantId: of.tenantId, ...made, parameters: {}, trigger: 'manual' },
      state: 'succeeded',
      ...given,
    }),
  );

it('says whose each connection is, and for which of them somebody was handed a link', async () => {
  const [mine, theirs] = [await connect('pending'), await connect('pending')];
  await database.owner.query(
    "update connections set organization_name = 'Harbour Ltd' where id = $1",
    [mine],
  );
  await database.owner.query(
    `insert into consent_links (tenant_id, id, connection_id, purpose, token_hash, for_email, made_by, expires_at)
     values ($1, gen_random_uuid(), $2, 'reconsent', 'hash', 'it@b.example', $3, now() + interval '1 day')`,
    [tenant.tenantId, theirs, userId],
  );
  expect((await readOverview(tenant)).connections).toMatchObject([
    { id: mine, organizationName: 'Harbour Ltd', handedOut: false },
    { id: theirs, organizationName: null, handedOut: true },
  ]);
});

describe('the first steps', () => {
  const setup = async () => (await readOverview(tenant)).setup;

  it('are all open in a new organisation', async () => {
    expect(await readOverview(tenant)).toEqual({
      setup: {
        connection: null,
        discovery: 'none',
        automationId: null,
        finishedRunId: null,
        settled: false,
      },
      connections: [],
      automations: 0,
      runs: [],
      week: { finished: 0, failed: 0 },
      next: [],
    });
  });

  it('wait for consent, and forget what was disconnected', async () => {
    await connect('disconnected');
    const id = await connect('pending');
    expect(await setup()).toMatchObject({ connection: { id, consented: false } });
  });

  it('follow discovery', async () => {
    const connection = await connect();
    await discover(connection, 'failed');
    expect((await setup()).discovery).toBe('failed');
    await discover(connection, 'running');
    expect((await setup()).discovery).toBe('running');
    await discover(connection, 'succeeded');
    expect((await setup()).discovery).toBe('done');
  });

  it('are not taken by a dry run, nor by one that still runs', async () => {
    const made = await automate(await connect());
    await run(made, { dryRun: true });
    await run(made, { state: 'running' });
    expect(await setup()).toMatchObject({ automationId: made.automationId, finishedRunId: null });
  });

  it('are behind an organisation with two finished runs', async () => {
    const made = await automate(await connect());
    await run(made);
    expect(await setup()).toMatchObject({ finishedRunId: expect.any(String), settled: false });
    await run(made, { state: 'failed' });
    expect(await setup()).toMatchObject({ settled: true });
  });
});

describe('the overview', () => {
  it('counts the week without dry runs and older ones', async () => {
    const made = await automate(await connect());
    await run(made);
    await run(made, { state: 'failed' });
    await run(made, { dryRun: true });
    await run(made, { createdAt: new Date(Date.now() - 8 * 86_400_000) });
    expect((await readOverview(tenant)).week).toEqual({ finished: 2, failed: 1 });
  });

  it('lists what comes next, soonest first, without what is off or removed', async () => {
    const connection = await connect();
    const at = (hours: number) => new Date(Date.now() + hours * 3_600_000);
    await automate(connection, { name: 'Later', nextRunAt: at(5) });
    await automate(connection, { name: 'Soon', nextRunAt: at(1) });
    await automate(connection, { name: 'Off', nextRunAt: at(2), enabled: false });
    await automate(connection, { name: 'Removed', nextRunAt: at(2), archivedAt: at(0) });
    const { next, automations: enabled } = await readOverview(tenant);
    expect(next.map(({ name }) => name)).toEqual(['Soon', 'Later']);
    expect(enabled).toBe(2);
  });

  it('holds nothing of another organisation', async () => {
    const other = await database.createTenant('Other');
    await run(await automate(await connect('active', other), {}, other), {}, other);
    const { runs: seen, connections: health, automations: enabled } = await readOverview(tenant);
    expect([seen, health, enabled]).toEqual([[], [], 0]);
  });
});
