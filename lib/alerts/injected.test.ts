import { describe, expect, it, vi } from 'vitest';
import { withTenant } from '@/db';
import { lookForAlerts } from './look';
import { rules } from './rules';
import { alertWorld } from './testing';

const { database, refuse, alerts } = alertWorld();

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
