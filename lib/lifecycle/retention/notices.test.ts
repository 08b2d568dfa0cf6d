import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newId, type TenantContext } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { staffMember } from '@/lib/access/testing';
import { Relay } from '@/lib/jobs';
import { eventually, runEngine } from '@/lib/jobs/testing/harness';
import { type OwnLimits, retentionNoticeDays } from '@/lib/limits';
import { sameMail } from '@/lib/mail';
import { changeTenantLimits, readTenantLimits } from '@/lib/platform';
import { noOwnLimits } from '@/lib/platform/testing';
import { lifecycleFunctions } from '../functions';
import { purgeTenant } from './purge';
import { retentionOf } from './read';

const database = testDatabase();
const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-retention-'));

let ada: StaffContext;
let tenant: TenantContext;
let name: string;
beforeAll(() => {
  vi.stubEnv('DATA_DIR', dataDir);
});
beforeEach(async () => {
  ada = await staffMember(database, 'Ada Admin', { role: 'platform_admin' });
  name = `Kept ${newId().slice(-6)}`;
  tenant = await database.createTenant(name);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(dataDir, { recursive: true });
});

const give = (limits: Partial<OwnLimits>, reason = 'Their policy says so') =>
  changeTenantLimits(ada, {
    tenantId: tenant.tenantId,
    limits: { ...noOwnLimits, ...limits },
    reason,
  });

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day);

/** A mail that was sent so many days ago. */
const mailOf = (daysAgo: number) =>
  database.owner.query(
    `insert into mails (tenant_id, created_at, id, recipient, subject, sealed_body, sent_at)
     values ($1, $2, $3, 'a@b.example', 'S', '', $2)`,
    [tenant.tenantId, inDays(-daysAgo), newId()],
  );

async function onRecord(action: string) {
  const { rows } = await database.owner.query<{
    readonly id: string;
    readonly actor_name: string;
    readonly details: Record<string, unknown>;
  }>(
    `select id, actor_name, details from audit_events where tenant_id = $1 and action = $2 order by id`,
    [tenant.tenantId, action],
  );
  return rows;
}

const rowOf = async (kind: string) => (await retentionOf(tenant)).find((row) => row.kind === kind);

describe('less time to keep things', () => {
  it('takes nothing before the owners’ time of notice is over, and then what is older', async () => {
    await mailOf(40);
    await give({ retentionLogsDays: 30 });
    expect(await purgeTenant(tenant)).toEqual([]);
    expect(await purgeTenant(tenant, inDays(retentionNoticeDays - 0.1))).toEqual([]);
    expect(await purgeTenant(tenant, inDays(retentionNoticeDays + 0.1))).toMatchObject([
      { kind: 'mails', days: 30, rows: 1 },
    ]);
  });

  it('is on the tenant’s record with what was before and when it begins', async () => {
    const before = inDays(retentionNoticeDays).getTime();
    await give({ retentionLogsDays: 30, automations: 3 });
    const [changed] = await onRecord('limits.changed');
    expect(changed).toMatchObject({
      actor_name: 'Ada Admin',
      details: {
        before: { retentionLogsDays: 400, automations: 200 },
        after: { retentionLogsDays: 30, automations: 3 },
        retentionFrom: expect.any(String),
      },
    });
    const from = Date.parse(String(changed?.details.retentionFrom));
    expect(from).toBeGreaterThanOrEqual(before);
    expect(from).toBeLessThanOrEqual(inDays(retentionNoticeDays).getTime());
  });

  it('is shown with the day that it begins, to the tenant and to staff', async () => {
    await give({ retentionLogsDays: 30 });
    const [changed] = await onRecord('limits.changed');
    const from = changed?.details.retentionFrom;
    expect(await rowOf('provider_calls')).toMatchObject({ days: 400, later: [{ days: 30, from }] });
    expect(await rowOf('access_logs')).toMatchObject({ days: 90, later: [{ days: 30, from }] });
    // At least, and at most.
    expect(await rowOf('jobs')).toMatchObject({ days: 400, later: [{ days: 30, from }] });
    expect(await rowOf('consents')).toMatchObject({ days: 30, later: [] });
    expect(await rowOf('runs')).toMatchObject({ days: 365, later: [] });
    expect(await readTenantLimits(ada, tenant.tenantId)).toMatchObject({
      own: { retentionLogsDays: 30 },
      inForce: { retentionLogsDays: 400 },
      later: [{ key: 'retentionLogsDays', days: 30, from }],
    });
  });
});

it.each(['{}', 'null', '"soon"'])('what holds on is a list or is refused: %s', async (odd) => {
  await expect(
    database.owner.query(
      'insert into tenant_limits (tenant_id, id, kept_longer) values ($1, $2, $3)',
      [tenant.tenantId, newId(), odd],
    ),
  ).rejects.toMatchObject({ code: '23514', constraint: 'tenant_limits_kept_longer' });
});

it.each([
  '[{}]',
  '[null]',
  '[{"key":"retentionLogsDays","days":30}]',
  '[{"key":"retentionLogsDays","days":1e12,"until":"2099-01-01T00:00:00.000Z"}]',
  '[{"key":"retentionLogsDays","days":400,"until":"soon"}]',
])('what holds on and cannot be read keeps all until staff say it anew: %s', async (odd) => {
  await mailOf(500);
  await database.owner.query(
    `insert into tenant_limits (tenant_id, id, retention_logs_days, kept_longer) values ($1, $2, 30, $3)`,
    [tenant.tenantId, newId(), odd],
  );
  expect(await rowOf('mails')).toMatchObject({ days: 3_650, later: [{ days: 30 }] });
  expect(await readTenantLimits(ada, tenant.tenantId)).toMatchObject({
    inForce: { retentionLogsDays: 3_650 },
  });
  expect(await purgeTenant(tenant)).toEqual([]);
  await give({ retentionLogsDays: 20 });
  expect(await purgeTenant(tenant, inDays(retentionNoticeDays + 0.1))).toMatchObject([
    { kind: 'mails', days: 20, rows: 1 },
  ]);
});

it('more time to keep things holds at once', async () => {
  await mailOf(40);
  await database.owner.query(
    `insert into tenant_limits (tenant_id, id, retention_logs_days) values ($1, $2, 30)`,
    [tenant.tenantId, newId()],
  );
  await give({ retentionLogsDays: 60 });
  expect(await purgeTenant(tenant)).toEqual([]);
  expect(await rowOf('mails')).toMatchObject({ days: 60, later: [] });
});

it('more time in place of less that was announced holds at once', async () => {
  await mailOf(40);
  await give({ retentionLogsDays: 1 });
  await give({ retentionLogsDays: 400 });
  expect(await purgeTenant(tenant, inDays(retentionNoticeDays + 1))).toEqual([]);
  expect(await rowOf('mails')).toMatchObject({ days: 400, later: [] });
});

describe('the owners', () => {
  let relay: Relay;
  beforeEach(async () => {
    await runEngine(lifecycleFunctions.filter((one) => one.id() === 'retention-notice'));
    relay = new Relay(50);
    relay.start();
  });
  afterEach(() => relay.stop());

  /** Mails in the outbox to somebody, as they were written, with lines as long as they were. */
  function mailsTo(address: string): string[] {
    try {
      return readdirSync(join(dataDir, 'outbox'), { withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.eml'))
        .map((entry) => entry.name)
        .sort()
        .map((file) => readFileSync(join(dataDir, 'outbox', file), 'utf8').replaceAll('=\r\n', ''))
        .filter((text) => text.includes(address));
    } catch {
      return [];
    }
  }
  const arrived = (address: string, count: number) =>
    vi.waitFor(() => expect(mailsTo(address)).toHaveLength(count), {
      timeout: 90_000,
      interval: 50,
    });

  /** How many changes were for them to be told of. */
  async function changesTold() {
    const { rows } = await database.owner.query<{ n: number }>(
      `select count(*)::int as n from jobs where tenant_id = $1 and kind = 'tenant/retention-changed'`,
      [tenant.tenantId],
    );
    return rows[0]?.n;
  }

  /** What is on record of it once they are all told. */
  const told = (times: number) =>
    eventually(async () => {
      const events = await onRecord('retention.told');
      expect(events).toHaveLength(times);
      return events;
    });

  it('are told what is deleted, from when, and what to do, each of them and nobody else', async () => {
    const [one, other] = [
      await database.createMember(tenant, { role: 'owner' }),
      await database.createMember(tenant, { role: 'owner' }),
    ];
    const admin = await database.createMember(tenant, { role: 'admin' });
    await give({ retentionLogsDays: 30 }, 'A smaller plan');
    await arrived(one.email, 1);
    await arrived(other.email, 1);
    const [text = ''] = mailsTo(one.email);
    expect(text).toContain('Ada Admin');
    expect(text).toContain('A smaller plan');
    expect(text).toMatch(/Calls to providers: now for 400 days, from .+ UTC on for 30 days/);
    expect(text).not.toContain('Runs that ended');
    expect(text).toContain('/settings/exports');
    expect(text).toContain('before that day if this is not what you agreed to');
    const [changed] = await onRecord('limits.changed');
    expect(await told(1)).toMatchObject([
      { details: { change: changed?.id, owners: 2, notReached: 0 } },
    ]);
    expect(mailsTo(admin.email)).toEqual([]);
  });

  it('of a suspended tenant are told too, and whom to write to', async () => {
    const owner = await database.createMember(tenant, { role: 'owner' });
    await database.owner.query(`update tenants set state = 'suspended' where id = $1`, [
      tenant.tenantId,
    ]);
    await give({ retentionRunsDays: 30 });
    await arrived(owner.email, 1);
    const [text = ''] = mailsTo(owner.email);
    expect(text).toContain('nobody can sign in');
    expect(text).not.toContain('/settings/exports');
  });

  it('are told when it does not come to that', async () => {
    const owner = await database.createMember(tenant, { role: 'owner' });
    await give({ retentionRunsDays: 30 });
    await arrived(owner.email, 1);
    await give({});
    await arrived(owner.email, 2);
    const said = mailsTo(owner.email).find((text) =>
      text.includes('Nothing is to be kept for less'),
    );
    expect(said).toMatch(/Runs that ended, .+: now for 365 days/);
  });

  it('are not written to about more time once less is in force', async () => {
    const owner = await database.createMember(tenant, { role: 'owner' });
    await give({ retentionRunsDays: 30 });
    await arrived(owner.email, 1);
    // The week of notice is over.
    await database.owner.query(
      `update tenant_limits set kept_longer = jsonb_set(kept_longer, '{0,until}', to_jsonb($2::text))
        where tenant_id = $1`,
      [tenant.tenantId, inDays(-1).toISOString()],
    );
    await give({ retentionRunsDays: 60 });
    await give({ retentionRunsDays: 60, retentionLogsDays: 30 });
    await arrived(owner.email, 2);
    expect(await changesTold()).toBe(2);
  });

  it('are not written to about more time, or about other limits', async () => {
    const owner = await database.createMember(tenant, { role: 'owner' });
    await give({ retentionRunsDays: 400 });
    await give({ retentionRunsDays: 400, automations: 3 });
    await give({ retentionRunsDays: 400, retentionLogsDays: 30 });
    await arrived(owner.email, 1);
    await told(1);
    expect(await changesTold()).toBe(1);
  });

  it('are told though the mail to one of them cannot be handed over', async () => {
    await relay.stop();
    const refused = await database.createMember(tenant, { role: 'owner' });
    const owner = await database.createMember(tenant, { role: 'owner' });
    await give({ retentionRunsDays: 30 });
    const [changed] = await onRecord('limits.changed');
    // Where its file would be.
    const mail = sameMail(changed?.id ?? '', 'retention', refused.userId);
    mkdirSync(join(dataDir, 'outbox', `${mail}.eml`), { recursive: true });
    relay = new Relay(50);
    relay.start();
    await arrived(owner.email, 1);
    expect(await told(1)).toMatchObject([{ details: { owners: 1, notReached: 1 } }]);
    expect(mailsTo(refused.email)).toEqual([]);
  });
});
