import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AlertId,
  alerting,
  appFaults,
  newId,
  type TenantId,
  type UserId,
  withTenant,
} from '@/db';
import type { DenialReason } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { putOnRecord } from '@/lib/denials';
import { endedRuns, eventually, runEngine } from '@/lib/jobs/testing/harness';
import { listOutbox, readOutboxMail } from '@/lib/mail';
import { acknowledge, acknowledgeInput, listAlerts, openAlert, watchDenials } from '.';
import { alertFunctions, alertLook, denialPurge, keptDays } from './functions';
import { lookForAlerts } from './look';
import { rules } from './rules';
import { pauseLeft, tellStaff } from './tell';

const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-alerts-'));
vi.stubEnv('DATA_DIR', dataDir);
const database = testDatabase();

const sam: StaffContext = {
  userId: newId<UserId>(),
  role: 'support',
  name: 'Sam Support',
  email: 'sam@support.example',
  requestId: 'request-9',
};
const mailbox = 'sam@support.example';

beforeAll(async () => {
  await database.owner.query("insert into users (id, email, name) values ($1, $2, 'Sam Support')", [
    sam.userId,
    mailbox,
  ]);
  await database.owner.query("insert into staff (user_id, role) values ($1, 'support')", [
    sam.userId,
  ]);
});
beforeEach(async () => {
  await database.owner.query('delete from alerts');
  await database.owner.query('delete from tenant_access_logs');
});

const person = (name = 'Mallory') => ({
  userId: newId<UserId>(),
  name,
  email: `${name.toLowerCase()}@example.com`,
});

interface Refused {
  readonly times?: number;
  readonly actor?: ReturnType<typeof person> | null;
  readonly reason?: DenialReason;
  readonly tenantId?: TenantId;
}

async function refuse({ times = 1, actor = person(), reason = 'not_found', tenantId }: Refused) {
  const tenant = tenantId ?? (await database.createTenant()).tenantId;
  for (let n = 0; n < times; n += 1) {
    await putOnRecord({
      tenantId: tenant,
      actor,
      reason,
      method: 'GET',
      path: '/api/runs',
      requestId: `request-${n}`,
      details: {},
    });
  }
  return { tenantId: tenant, actor };
}

const alerts = async () => (await listAlerts(sam, {})).items;

const looks = async (action: string) => {
  const { rows } = await database.owner.query(
    'select tenant_id, details from staff_access_logs where action = $1 and user_id = $2 order by at, id',
    [action, sam.userId],
  );
  return rows;
};

describe('a rule', () => {
  it('for a burst of one person counts from its figure on, not below', async () => {
    const mallory = person();
    const { tenantId } = await refuse({ times: rules.actor_burst.denials - 1, actor: mallory });
    expect(await lookForAlerts()).toBe(0);
    await refuse({ tenantId, actor: mallory });
    expect(await lookForAlerts()).toBe(1);
    expect(await alerts()).toMatchObject([
      { rule: 'actor_burst', denials: 30, tenants: 1, tenantId, actorName: 'Mallory' },
    ]);
  });

  it('for one person in many organisations counts organisations', async () => {
    const mallory = person();
    for (let n = 0; n < 2; n += 1) await refuse({ actor: mallory });
    expect(await lookForAlerts()).toBe(0);
    await refuse({ actor: mallory });
    await lookForAlerts();
    expect(await alerts()).toMatchObject([
      { rule: 'actor_many_tenants', denials: 3, tenants: 3, tenantId: null },
    ]);
  });

  it('for a claim by header takes three of one person', async () => {
    const mallory = person();
    const { tenantId } = await refuse({
      reason: 'tenant_header_mismatch',
      actor: mallory,
      times: 2,
    });
    await refuse({ reason: 'tenant_header_mismatch', times: 2 });
    expect(await lookForAlerts()).toBe(0);
    await refuse({ reason: 'tenant_header_mismatch', actor: mallory, tenantId });
    await lookForAlerts();
    expect(await alerts()).toMatchObject([{ rule: 'tenant_header', denials: 3 }]);
  });

  it.each([
    ['forged_context', 'forged_context', person()],
    ['forged_job', 'forged_job', null],
  ] as const)('takes a single %s as enough', async (reason, rule, actor) => {
    const { tenantId } = await refuse({ reason, actor });
    await lookForAlerts();
    expect(await alerts()).toMatchObject([
      { rule, denials: 1, tenantId, actorName: actor?.name ?? null },
    ]);
  });
});

describe('an incident', () => {
  it('is one alert, at which more of the same is counted', async () => {
    const { tenantId } = await refuse({ reason: 'forged_job', actor: null });
    await lookForAlerts();
    await refuse({ reason: 'forged_job', actor: null, tenantId, times: 4 });
    await lookForAlerts();
    expect(await alerts()).toMatchObject([{ denials: 5 }]);
  });

  it('is counted once over all its minutes', async () => {
    const { tenantId } = await refuse({ reason: 'forged_job', actor: null });
    await lookForAlerts();
    await database.owner.query(
      `update tenant_access_logs set minute = minute - interval '4 minutes'`,
    );
    await database.owner.query(
      `update alerts set counted_until = counted_until - interval '4 minutes'`,
    );
    await lookForAlerts();
    await refuse({ reason: 'forged_job', actor: null, tenantId, times: 2 });
    await lookForAlerts();
    await lookForAlerts();
    expect(await alerts()).toMatchObject([{ denials: 3 }]);
  });

  it('takes a note to be acknowledged, says by whom, and does not come back by itself', async () => {
    const { tenantId } = await refuse({ reason: 'forged_job', actor: null });
    await lookForAlerts();
    const [alert] = await alerts();
    const alertId = alert?.id as AlertId;
    expect(acknowledgeInput.safeParse({ alertId, note: '  ' }).success).toBe(false);
    await acknowledge(sam, { alertId, note: 'The event key had leaked.' });
    expect(await openAlert(sam, alertId)).toMatchObject({
      acknowledgedName: 'Sam Support',
      note: 'The event key had leaked.',
      acknowledgedAt: expect.any(String),
    });
    await expect(acknowledge(sam, { alertId, note: 'Again.' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await looks('alert.acknowledged')).at(-1)).toEqual({
      tenant_id: tenantId,
      details: { filter: { alert: alertId }, refused: 'conflict' },
    });
    expect(await lookForAlerts()).toBe(0);
    await refuse({ reason: 'forged_job', actor: null, tenantId });
    expect(await lookForAlerts()).toBe(1);
    expect((await listAlerts(sam, { state: 'open' })).items).toHaveLength(1);
  });

  it('shows the denials behind it, and each look at it is on record', async () => {
    const mallory = person();
    const { tenantId } = await refuse({
      reason: 'tenant_header_mismatch',
      actor: mallory,
      times: 3,
    });
    await refuse({ reason: 'not_found', actor: mallory, tenantId });
    await lookForAlerts();
    const [alert] = await alerts();
    const { latest } = await openAlert(sam, alert?.id as AlertId);
    expect(latest).toMatchObject([{ reason: 'tenant_header_mismatch', tenantId }]);
    expect((await looks('alerts.listed')).at(-1)).toMatchObject({ tenant_id: tenantId });
    expect((await looks('alert.opened')).at(-1)).toEqual({
      tenant_id: tenantId,
      details: { filter: { alert: alert?.id } },
    });
  });

  it('of an id that nobody has is not found', async () => {
    await expect(openAlert(sam, newId<AlertId>())).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('delivery', () => {
  // Before any test has denials watched, so that nothing but the clock asks for the look.
  it('does not depend on the process that recorded: there is a look every minute', async () => {
    await refuse({ reason: 'forged_job', actor: null });
    await runEngine([alertLook]);
    await database.owner.query(
      "update engine.crons set next_at = now() where function_id like '%alert-look'",
    );
    const [run] = await endedRuns('alert-look');
    expect(JSON.parse(run?.output ?? '')).toEqual({ opened: 1, mails: 1 });
    const { rows } = await database.owner.query(
      `select next_at <= now() + interval '1 minute' as soon from engine.crons
        where function_id like '%alert-look'`,
    );
    expect(rows).toEqual([{ soon: true }]);
  });

  it('from a denial to the console and to the mail of staff takes seconds', async () => {
    watchDenials();
    await runEngine(alertFunctions);
    const from = Date.now();
    await refuse({ reason: 'tenant_header_mismatch', actor: person('Trudy'), times: 3 });
    const mail = await eventually(async () => {
      const [latest] = await listOutbox();
      expect(latest?.subject).toBe('[Tenantry] Claimed to be another tenant');
      return latest;
    });
    expect(Date.now() - from).toBeLessThan(60_000);
    expect(await alerts()).toHaveLength(1);
    expect(mail?.to).toBe(mailbox);
    const [alert] = await alerts();
    const { text } = (await readOutboxMail(mail?.id ?? '')) ?? {};
    expect(text).toContain(`/admin/alerts/${alert?.id}`);
    expect(text).toContain('Trudy');
  });

  it('tells of an alert once, and waits before the next mail', async () => {
    await refuse({ reason: 'forged_job', actor: null });
    await lookForAlerts();
    expect(await tellStaff()).toBe(1);
    expect(await tellStaff()).toBe(0);
    const wait = await pauseLeft();
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(20_000);
  });

  it('is tried again after a mail that could not be handed over', async () => {
    await refuse({ reason: 'forged_job', actor: null });
    await lookForAlerts();
    const outbox = join(dataDir, 'outbox');
    renameSync(outbox, `${outbox}.away`);
    writeFileSync(outbox, 'in the way');
    expect(await tellStaff()).toBe(0);
    renameSync(outbox, `${outbox}.gone`);
    renameSync(`${outbox}.away`, outbox);
    expect(await tellStaff()).toBe(1);
  });

  it('under attack is bounded in alerts and in mails, and says how many stand for more', async () => {
    await manyAccounts(500);
    await lookForAlerts();
    for (let n = 0; n < 10; n += 1) await lookForAlerts();
    const { rows } = await database.owner.query(
      `select subject, subjects from alerts where rule = 'tenant_header' order by subjects`,
    );
    expect(rows).toHaveLength(alerting.mostAlerts.open + 1);
    expect(rows.at(-1)).toEqual({ subject: alerting.allOthers, subjects: 400 });
    const before = (await listOutbox()).length;
    expect(await tellStaff()).toBe(1);
    const [mail] = await listOutbox();
    expect((await listOutbox()).length).toBe(before + 1);
    expect(mail?.subject).toBe('[Tenantry] 101 alerts to look at');
    const { text } = (await readOutboxMail(mail?.id ?? '')) ?? {};
    expect(text).toContain('And 81 more');
    expect(text).toContain('400 more of this kind');
    await lookForAlerts();
    expect(await tellStaff()).toBe(0);
  });

  it('of what stands for more ends with its acknowledgement, and begins with new denials', async () => {
    await manyAccounts(150);
    for (let n = 0; n < 8; n += 1) await lookForAlerts();
    const others = async () => {
      const { rows } = await database.owner.query(
        'select id, user_id, subjects from alerts where subjects > 0 and acknowledged_at is null',
      );
      return rows;
    };
    const [overflow] = await others();
    expect(overflow).toMatchObject({ user_id: null, subjects: 50 });
    await openAlert(sam, overflow?.id as AlertId);
    await acknowledge(sam, { alertId: overflow?.id as AlertId, note: 'Accounts of a script.' });
    await lookForAlerts();
    expect(await others()).toEqual([]);
    await manyAccounts(3);
    await lookForAlerts();
    expect(await others()).toMatchObject([{ subjects: 3 }]);
  });

  it('takes the heaviest first', async () => {
    await manyAccounts(alerting.mostAlerts.opened);
    await refuse({ reason: 'tenant_header_mismatch', actor: person('Heavy'), times: 9 });
    await manyAccounts(alerting.mostAlerts.opened);
    await lookForAlerts();
    expect((await alerts()).map(({ actorName }) => actorName)).toContain('Heavy');
  });

  it('names a person in quotes, on one line, with nothing that a mail makes a link of', async () => {
    await refuse({
      reason: 'forged_context',
      actor: {
        userId: newId<UserId>(),
        name: `Eve\n\u2028\u202ehttps://evil.example/${'x'.repeat(200)}`,
        email: 'eve@evil.example" <www.evil.example>',
      },
    });
    await lookForAlerts();
    await tellStaff();
    const [mail] = await listOutbox();
    const { text } = (await readOutboxMail(mail?.id ?? '')) ?? {};
    const line = text?.split('\n').find((one) => one.includes('Eve'));
    expect(line).toMatch(/^ {2}"Eve[^\p{C}\u2028"]{1,77}" "[^"]{1,80}", in one tenant/u);
    expect(line).not.toMatch(/\/\/|evil\.example|[\u2028\u202e]/);
  });
});

/** Accounts that one refusal less would keep below a rule. */
const manyAccounts = (accounts: number) =>
  database.owner.query(
    `insert into tenant_access_logs (tenant_id, id, user_id, method, path, reason, request_id, times)
     select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'GET', '/', 'tenant_header_mismatch', 'r', 3
       from generate_series(1, $1)`,
    [accounts],
  );

describe('SQL injected in one tenant', () => {
  const inject = async (columns: string, values: string) => {
    const tenant = await database.createTenant();
    return withTenant(tenant, (tx) =>
      tx.execute(
        `insert into tenant_access_logs (tenant_id, id, method, path, reason, request_id, ${columns})
         values ('${tenant.tenantId}', gen_random_uuid(), 'GET', '/', 'forged_job', 'r', ${values})`,
      ),
    );
  };

  it.each([
    ['times', '2147483647'],
    ['times', '-2147483647'],
    ['times', '0'],
    ['last_seen_at', "'infinity'"],
    ['created_at', "'-infinity'"],
    ['created_at', "'290000-01-01Z'"],
  ])('cannot put %s of %s on record', async (column, value) => {
    await expect(inject(column, value)).rejects.toMatchObject({ code: '23514' });
  });

  it('cannot say in which minute it was, which is the database’s word', async () => {
    await expect(inject('minute', "'9999-01-01Z'")).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    ["now() + interval '10 years'", "now() + interval '10 years'"],
    ["now() - interval '10 years'", "now() - interval '10 years'"],
  ])('hides nothing by denials of %s', async (created, seen) => {
    await inject('created_at, last_seen_at', `${created}, ${seen}`);
    expect(await lookForAlerts()).toBe(1);
    await lookForAlerts();
    const [alert] = await alerts();
    expect(Date.parse(alert?.lastSeenAt ?? '')).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(alert).toMatchObject({ rule: 'forged_job', denials: 1 });
  });

  it('hides nothing by figures that no sum holds', async () => {
    const { tenantId, actor } = await refuse({ times: 30 });
    await database.owner.query(
      `insert into tenant_access_logs (tenant_id, id, user_id, minute, method, path, reason, request_id, times)
       select $1, gen_random_uuid(), $2, m, 'GET', '/', 'not_found', 'r', 1000000
         from (values (now()), (timestamptz '9999-01-01Z')) minutes(m), generate_series(1, 3000)`,
      [tenantId, actor?.userId],
    );
    await lookForAlerts();
    await lookForAlerts();
    expect(await alerts()).toMatchObject([{ rule: 'actor_burst', denials: 2_147_483_647 }]);
  });

  it('stops no other rule by one that fails', async () => {
    await refuse({ reason: 'forged_context' });
    const { actor_burst } = rules;
    vi.spyOn(rules, 'actor_burst', 'get').mockReturnValue({ ...actor_burst, denials: 1e20 });
    expect(await lookForAlerts()).toBe(1);
    vi.restoreAllMocks();
  });
});

describe('a fault of our own client at a provider', () => {
  const begin = () =>
    appFaults.seeFault({ provider: 'google', code: 'invalid_client', area: 'token' }, 15);
  const end = () => appFaults.clearFault('google', 'token');
  const refused = '[Tenantry] A provider refuses our own client';
  const accepted = '[Tenantry] Google Workspace accepts our client again';
  const subjects = async () =>
    (await listOutbox())
      .map(({ subject }) => subject)
      .filter((subject) => [refused, accepted].includes(subject));

  it('that is over before anybody was told is not told at all', async () => {
    await begin();
    await end();
    expect(await tellStaff()).toBe(0);
    expect(await subjects()).toEqual([]);
    expect(await alerts()).toMatchObject([{ rule: 'provider_app_fault' }]);
  });

  it('is told, and its end in a mail of its own, to those who heard of it', async () => {
    await begin();
    expect(await tellStaff()).toBe(1);
    const late = newId<UserId>();
    await database.owner.query(
      `insert into users (id, email, name) values ($1, 'late@support.example', 'Late')`,
      [late],
    );
    await database.owner.query(`insert into staff (user_id, role) values ($1, 'support')`, [late]);
    await end();
    expect(await tellStaff()).toBe(1);
    await database.owner.query('delete from staff where user_id = $1', [late]);
    expect(await subjects()).toEqual([accepted, refused]);
    expect((await listOutbox()).filter(({ to }) => to !== mailbox)).toEqual([]);
    expect(await tellStaff()).toBe(0);
  });
});

describe('old denials', () => {
  it('are deleted, and the function says how many', async () => {
    await refuse({ times: 1 });
    await refuse({ times: 1 });
    await database.owner.query(
      `update tenant_access_logs set minute = now() - make_interval(days => $1)
        where id = (select min(id::text)::uuid from tenant_access_logs)`,
      [keptDays + 1],
    );
    await runEngine([denialPurge]);
    await database.owner.query(
      "update engine.crons set next_at = now() where function_id like '%denial-purge'",
    );
    const [run] = await endedRuns('denial-purge');
    expect(JSON.parse(run?.output ?? '')).toEqual({ purged: 1 });
    const { rows } = await database.owner.query('select from tenant_access_logs');
    expect(rows).toHaveLength(1);
  });

  it('of a minute that has not come are deleted too', async () => {
    await refuse({ times: 1 });
    await database.owner.query("update tenant_access_logs set minute = now() + interval '2 hours'");
    expect(await alerting.purgeDenials(keptDays)).toBe(1);
  });
});
