import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type TenantId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { staffMember } from '@/lib/access/testing';
import { Relay } from '@/lib/jobs';
import { eventually, runEngine } from '@/lib/jobs/testing/harness';
import { listOutbox } from '@/lib/mail';
import { changeTenantLimits, resumeTenant, suspendTenant } from '@/lib/platform';
import { noOwnLimits } from '@/lib/platform/testing';
import { suspensionFunctions } from '@/lib/suspension';
import { createTenantKey } from '@/lib/vault';
import { holdTestKey } from '@/lib/vault/testing';
import { advanceDeletion } from './advance';
import { lifecycleFunctions } from './functions';
import { askedDeletion } from './testing';

const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-erased-'));
vi.stubEnv('DATA_DIR', dataDir);
const database = testDatabase();
let relay: Relay;
let ada: StaffContext;
let tenantId: TenantId;

beforeAll(() => holdTestKey());
beforeEach(async () => {
  ada = await staffMember(database, 'Ada Admin', { role: 'platform_admin' });
  ({ tenantId } = await database.createTenant('Acme'));
  await withTenant({ tenantId }, (tx) => createTenantKey(tx, tenantId));
  await runEngine([
    ...suspensionFunctions,
    ...lifecycleFunctions.filter((one) => one.id() === 'retention-notice'),
  ]);
  relay = new Relay(50);
  relay.start();
});
afterEach(() => relay.stop());
afterAll(() => vi.unstubAllEnvs());

it('what owners were told of their organisation is not left in the local outbox', async () => {
  const { email } = await database.createMember({ tenantId }, { role: 'owner' });
  const told = (mails: number) =>
    eventually(async () => {
      const theirs = (await listOutbox()).filter(({ to }) => to === email);
      expect(theirs).toHaveLength(mails);
    });
  const limits = { ...noOwnLimits, retentionRunsDays: 30 };
  await changeTenantLimits(ada, { tenantId, limits, reason: 'A smaller plan' });
  await told(1);
  const words = { reason: 'Not paid', notice: 'Please call us' };
  await suspendTenant(ada, { tenantId, ...words, confirm: 'Acme' });
  await told(2);
  await resumeTenant(ada, { tenantId, reason: 'Paid' });
  await told(3);
  await relay.stop();
  const id = await askedDeletion(database, tenantId);
  // The last notice is there a moment before whoever wrote it has come to its end, which is waited for.
  await eventually(async () => expect(await advanceDeletion(id, { settle: 0 })).toBe('done'));
  // To whoever asked for it, who keeps it.
  expect(readdirSync(join(dataDir, 'outbox'))).toEqual([`${id}.eml`]);
});
