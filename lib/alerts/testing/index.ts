import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, vi } from 'vitest';
import { newId, type TenantId, type UserId } from '@/db';
import type { DenialReason } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { putOnRecord } from '@/lib/denials';
import { listAlerts } from '..';

export const person = (name = 'Mallory') => ({
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

const sam: StaffContext = {
  userId: newId<UserId>(),
  role: 'support',
  name: 'Sam Support',
  email: 'sam@support.example',
  requestId: 'request-9',
};

/** A database with one of the staff in it, an outbox, and neither alerts nor denials before each test. */
export function alertWorld() {
  const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-alerts-'));
  vi.stubEnv('DATA_DIR', dataDir);
  const database = testDatabase();

  beforeAll(async () => {
    await database.owner.query('insert into users (id, email, name) values ($1, $2, $3)', [
      sam.userId,
      sam.email,
      sam.name,
    ]);
    await database.owner.query("insert into staff (user_id, role) values ($1, 'support')", [
      sam.userId,
    ]);
  });
  beforeEach(async () => {
    await database.owner.query('delete from alerts');
    await database.owner.query('delete from tenant_access_logs');
  });

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

  /** Accounts that one refusal less would keep below a rule. */
  const manyAccounts = (accounts: number) =>
    database.owner.query(
      `insert into tenant_access_logs (tenant_id, id, user_id, method, path, reason, request_id, times)
       select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'GET', '/', 'tenant_header_mismatch', 'r', 3
         from generate_series(1, $1)`,
      [accounts],
    );

  const alerts = async () => (await listAlerts(sam, {})).items;

  /** What Sam looked at, oldest first. */
  async function looks(action: string) {
    const { rows } = await database.owner.query(
      'select tenant_id, details from staff_access_logs where action = $1 and user_id = $2 order by at, id',
      [action, sam.userId],
    );
    return rows;
  }

  return { database, dataDir, sam, refuse, manyAccounts, alerts, looks };
}
