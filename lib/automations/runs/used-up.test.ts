import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AutomationId, type ConnectionId, newId, withTenant } from '@/db';
import { automations, connections } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { testMember } from '@/lib/connections/testing';
import type { MemberContext } from '@/lib/tenancy';
import { countTenant, pressingLimits } from '@/lib/usage';
import { prepareVault } from '@/lib/vault';
import { requestRun } from './request';
import { startDueRuns } from './scheduler';

vi.stubEnv('DATA_DIR', mkdtempSync(join(tmpdir(), 'tenantry-usage-')));
const database = testDatabase();
beforeAll(() => prepareVault());
let context: MemberContext;
let automationId: AutomationId;

const limitRuns = (most: number) =>
  database.owner.query(
    `insert into tenant_limits (tenant_id, id, runs_per_month) values ($1, gen_random_uuid(), $2)`,
    [context.tenantId, most],
  );

beforeEach(async () => {
  context = await testMember(database);
  automationId = newId<AutomationId>();
  const connectionId = newId<ConnectionId>();
  const own = { tenantId: context.tenantId, createdBy: context.userId };
  await withTenant(context, async (tx) => {
    await tx
      .insert(connections)
      .values({ ...own, id: connectionId, provider: 'google', state: 'active' });
    await tx.insert(automations).values({
      ...{ ...own, id: automationId, connectionId, name: 'Often', parameters: { label: 'A' } },
      template: 'archive-newsletters',
      trigger: { type: 'schedule', cron: '*/5 * * * *', timeZone: 'UTC' },
    });
  });
});

const ask = () => requestRun(context, { automationId, dryRun: false, key: newId() });

async function rowsOf(table: 'runs' | 'mails' | 'jobs') {
  const { rows } = await database.owner.query(
    `select * from ${table} where tenant_id = $1 order by id`,
    [context.tenantId],
  );
  return rows;
}

async function onRecord(action: string) {
  const { rows } = await database.owner.query(
    `select target_id, outcome, details from audit_events
      where tenant_id = $1 and action = $2 order by id`,
    [context.tenantId, action],
  );
  return rows;
}

async function come(): Promise<number> {
  await database.owner.query(
    `update automations set next_run_at = date_trunc('minute', now()) where id = $1`,
    [automationId],
  );
  await database.owner.query(`update runs set state = 'succeeded' where tenant_id = $1`, [
    context.tenantId,
  ]);
  return startDueRuns();
}

describe('the runs of a month', () => {
  it('are told of at 80 % and at 100 %, once each, to the owners', async () => {
    await limitRuns(10);
    for (let n = 0; n < 7; n += 1) await ask();
    expect(await rowsOf('mails')).toEqual([]);
    await ask();
    expect((await rowsOf('mails')).map(({ recipient, subject }) => [recipient, subject])).toEqual([
      [context.email, 'Your organisation has used 80 %: runs a month'],
    ]);
    await ask();
    expect(await rowsOf('mails')).toHaveLength(1);
    await ask();
    expect((await rowsOf('mails')).at(-1)?.subject).toBe(
      'All that your organisation may have is used: runs a month',
    );
    expect((await onRecord('limits.warned')).map(({ details }) => details.percent)).toEqual([
      80, 100,
    ]);
    expect((await pressingLimits(context)).limits).toMatchObject([
      { key: 'runsPerMonth', used: 10, most: 10, percent: 100 },
    ]);
  });

  it('beyond the last are refused, with words that help, and on record', async () => {
    await limitRuns(1);
    await ask();
    await expect(ask()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/may start 1 run a month.*again from 1 .*Ask our support/),
    });
    expect(await rowsOf('runs')).toHaveLength(1);
    expect(await onRecord('run.refused')).toMatchObject([
      { target_id: automationId, outcome: 'denied', details: { trigger: 'manual' } },
    ]);
  });

  it('are found again by the key that asked for them, when none is left', async () => {
    await limitRuns(1);
    const key = newId();
    const wish = { automationId, dryRun: false, key };
    await requestRun(context, wish);
    await expect(requestRun(context, wish)).resolves.toBe(key);
  });

  it('have one last place, however many ask at once', async () => {
    await limitRuns(5);
    const asked = await Promise.allSettled(Array.from({ length: 12 }, ask));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(await rowsOf('runs')).toHaveLength(5);
    expect(await onRecord('run.refused')).toHaveLength(7);
  });

  it('go on where staff chose only to tell', async () => {
    await limitRuns(1);
    await database.owner.query(
      `insert into usage_states (tenant_id, id, at_limit) values ($1, gen_random_uuid(), 'tell')`,
      [context.tenantId],
    );
    await ask();
    await ask();
    expect(await rowsOf('runs')).toHaveLength(2);
    expect(await rowsOf('mails')).toHaveLength(1);
    expect(await pressingLimits(context)).toMatchObject({ onlyTell: true });
  });

  it('count as before once their hours are counted', async () => {
    await limitRuns(3);
    await ask();
    await ask();
    const { tenantId } = context;
    await database.owner.query(
      `update tenants set created_at = date_trunc('month', now()) where id = $1`,
      [tenantId],
    );
    await database.owner.query(
      `update runs set created_at = date_trunc('month', now(), 'UTC') where tenant_id = $1`,
      [tenantId],
    );
    await countTenant(context);
    await ask();
    await expect(ask()).rejects.toMatchObject({ code: 'conflict' });
  });
});

it('a schedule is skipped when none is left, says so once a day, and goes on with the next', async () => {
  await limitRuns(1);
  expect(await come()).toBe(1);
  expect(await come()).toBe(0);
  expect(await come()).toBe(0);
  expect(await rowsOf('runs')).toHaveLength(1);
  expect(await onRecord('run.refused')).toMatchObject([
    { target_id: automationId, outcome: 'denied', details: { trigger: 'schedule' } },
  ]);
  const { rows } = await database.owner.query(
    'select next_run_at > now() as ahead from automations where id = $1',
    [automationId],
  );
  expect(rows).toEqual([{ ahead: true }]);
  await database.owner.query('update tenant_limits set runs_per_month = 5 where tenant_id = $1', [
    context.tenantId,
  ]);
  expect(await come()).toBe(1);
});
