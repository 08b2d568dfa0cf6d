import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AlertId, alerting, appFaults, newId, type UserId } from '@/db';
import { eventually, firstEndedRun, runEngine } from '@/lib/jobs/testing/harness';
import { listOutbox, readOutboxMail } from '@/lib/mail';
import { acknowledge, openAlert, watchDenials } from '.';
import { alertFunctions, alertLook } from './functions';
import { lookForAlerts } from './look';
import { pauseLeft, tellStaff } from './tell';
import { alertWorld, person } from './testing';

const { database, sam, dataDir, refuse, alerts, manyAccounts } = alertWorld();

describe('delivery', () => {
  // Before any test has denials watched, so that nothing but the clock asks for the look.
  it('does not depend on the process that recorded: there is a look every minute', async () => {
    await refuse({ reason: 'forged_job', actor: null });
    await runEngine([alertLook]);
    await database.owner.query(
      "update engine.crons set next_at = now() where function_id like '%alert-look'",
    );
    const run = await firstEndedRun('alert-look');
    expect(JSON.parse(run.output)).toEqual({ opened: 1, mails: 1 });
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
    expect(mail?.to).toBe(sam.email);
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
    expect((await listOutbox()).filter(({ to }) => to !== sam.email)).toEqual([]);
    expect(await tellStaff()).toBe(0);
  });
});
