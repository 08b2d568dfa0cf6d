import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dueAutomations, newId, type TenantContext, type UserId, upkeep, withTenant } from '@/db';
import { automations, connections } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { Relay } from '@/lib/jobs';
import { runEngine } from '@/lib/jobs/testing/harness';
import { mailFunctions, queueMail } from '@/lib/mail';
import { resumeTenant, suspendTenant } from '@/lib/platform';
import { holdTestKey } from '@/lib/vault/testing';
import { heldOrganisationsOf, suspensionFunctions } from '.';

const database = testDatabase();
const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-held-'));
const ada: StaffContext = {
  userId: newId<UserId>(),
  role: 'platform_admin',
  name: 'Ada Admin',
  email: 'ada@support.example',
  requestId: 'request-1',
};

let relay: Relay;
let tenant: TenantContext;
beforeAll(() => {
  holdTestKey();
  vi.stubEnv('DATA_DIR', dataDir);
});
beforeEach(async () => {
  tenant = await database.createTenant(`Held ${newId().slice(-6)}`);
  await runEngine([...suspensionFunctions, ...mailFunctions]);
  relay = new Relay(50);
  relay.start();
});
afterEach(() => relay.stop());
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(dataDir, { recursive: true });
});

async function nameOf({ tenantId }: TenantContext): Promise<string> {
  const { rows } = await database.owner.query<{ name: string }>(
    'select name from tenants where id = $1',
    [tenantId],
  );
  return rows[0]?.name ?? '';
}
const suspend = async () =>
  suspendTenant(ada, {
    tenantId: tenant.tenantId,
    reason: 'The bill was not paid',
    notice: 'Please pay the bill of October.',
    confirm: await nameOf(tenant),
  });
const resume = () => resumeTenant(ada, { tenantId: tenant.tenantId, reason: 'It was paid' });

/** Mails in the outbox that name somebody, as they were written. */
function mailsTo(address: string): string[] {
  try {
    return readdirSync(join(dataDir, 'outbox'))
      .filter((name) => name.endsWith('.eml'))
      .sort()
      .map((name) => readFileSync(join(dataDir, 'outbox', name), 'utf8'))
      .filter((text) => text.includes(address));
  } catch {
    return [];
  }
}
const arrived = (address: string, count: number) =>
  vi.waitFor(() => expect(mailsTo(address)).toHaveLength(count), { timeout: 90_000, interval: 50 });

describe('a suspension', () => {
  it('is told to the owners by mail at once, and so is its end', async () => {
    const owner = await database.createMember(tenant, { role: 'owner' });
    const viewer = await database.createMember(tenant, { role: 'viewer' });
    await suspend();
    await arrived(owner.email, 1);
    expect(mailsTo(owner.email)[0]).toContain('Please pay the bill of October.');
    await resume();
    await arrived(owner.email, 2);
    expect(mailsTo(viewer.email)).toEqual([]);
  });

  it('is what its people are told in place of the workspace', async () => {
    const member = await database.createMember(tenant, { role: 'viewer' });
    expect(await heldOrganisationsOf(member.userId)).toEqual([]);
    await suspend();
    expect(await heldOrganisationsOf(member.userId)).toEqual([
      {
        name: await nameOf(tenant),
        state: 'suspended',
        notice: 'Please pay the bill of October.',
        since: expect.any(String),
      },
    ]);
  });

  it('keeps the tenant’s own mails until it is resumed', async () => {
    const to = `${newId()}@later.example`;
    const context = {
      ...tenant,
      actor: { type: 'system', id: null, name: 'Test' },
      requestId: 'request-2',
    } as const;
    const owner = await database.createMember(tenant, { role: 'owner' });
    await suspend();
    await withTenant(tenant, (tx) =>
      queueMail(tx, context, { to, subject: 'Later', text: 'Hello' }),
    );
    // The notice to the owner was asked for earlier and is done: the mail had its chance.
    await arrived(owner.email, 1);
    expect(mailsTo(to)).toEqual([]);
    await resume();
    await arrived(to, 1);
  });

  it('leaves schedules and renewals due, and they are found once it is resumed', async () => {
    const owner = await database.createMember(tenant, { role: 'owner' });
    const connectionId = newId() as never;
    await withTenant(tenant, async (tx) => {
      await tx.insert(connections).values({
        ...{ tenantId: tenant.tenantId, id: connectionId, provider: 'google' },
        ...{ state: 'degraded', createdBy: owner.userId },
      });
      await tx.insert(automations).values({
        ...{ tenantId: tenant.tenantId, name: 'Often', template: 'archive-newsletters' },
        ...{ parameters: {}, connectionId, createdBy: owner.userId },
        trigger: { type: 'schedule', cron: '*/5 * * * *', timeZone: 'UTC' },
        nextRunAt: new Date(Date.now() - 60_000),
      });
    });
    await database.owner.query(
      `update connections set state_changed_at = now() - interval '1 hour' where id = $1`,
      [connectionId],
    );
    const due = async () => ({
      schedules: (await dueAutomations(50)).filter((one) => one.tenantId === tenant.tenantId)
        .length,
      unsteady: (await upkeep.unsteadyConnections(60, 50)).filter(
        (one) => one.tenantId === tenant.tenantId,
      ).length,
    });
    expect(await due()).toEqual({ schedules: 1, unsteady: 1 });
    await suspend();
    expect(await due()).toEqual({ schedules: 0, unsteady: 0 });
    await resume();
    expect(await due()).toEqual({ schedules: 1, unsteady: 1 });
  });
});
