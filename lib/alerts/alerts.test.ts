import { describe, expect, it } from 'vitest';
import { type AlertId, alerting, newId } from '@/db';
import { endedRuns, runEngine } from '@/lib/jobs/testing/harness';
import { acknowledge, acknowledgeInput, listAlerts, openAlert } from '.';
import { denialPurge, keptDays } from './functions';
import { lookForAlerts } from './look';
import { rules } from './rules';
import { alertWorld, person } from './testing';

const { database, sam, refuse, alerts, looks } = alertWorld();

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
