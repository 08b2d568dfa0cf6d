import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { TenantContext } from '@/db';

// One connection, so that what is left on it shows.
vi.stubEnv('DATABASE_POOL', '1');
const { alongside, DoorMisuseError, newId, QueryError, sql, withTenant } = await import('@/db');
const { auditEvents } = await import('@/db/schema');
const { testDatabase } = await import('@/db/testing');

const database = testDatabase();
let tenant: TenantContext;
beforeEach(async () => {
  tenant = await database.createTenant();
});

const insert = alongside<{ tenantId: string; id: string; outcome: string | null }>(sql`
  insert into ${auditEvents} (tenant_id, id, actor_type, actor_name, action, target_type, target_id,
    target_name, outcome, request_id)
  values (${sql.placeholder('tenantId')}, ${sql.placeholder('id')}, 'system', 'System',
    'run.finished', 'run', 'r', 'Run', ${sql.placeholder('outcome')}, 'request')`);
const event = (id: string, outcome: string | null = 'success') => ({ ...tenant, id, outcome });

const names = async () => {
  const { rows } = await database.owner.query<{ name: string }>(
    'select name from tenants where id = $1',
    [tenant.tenantId],
  );
  return rows.map(({ name }) => name);
};
const events = async () => {
  const { rows } = await database.owner.query<{ id: string }>(
    'select id from audit_events where tenant_id = $1 order by id',
    [tenant.tenantId],
  );
  return rows.map(({ id }) => id);
};
const backend = () =>
  withTenant(tenant, async (tx) => {
    const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    return rows[0]?.pid;
  });

describe('a statement that goes along', () => {
  it('is committed with the transaction, also where there is nothing else in it', async () => {
    const [one, other] = [newId(), newId()];
    await withTenant(tenant, async (tx) => {
      await tx.execute(sql`select 1`);
      await insert(tx, event(one));
    });
    await withTenant(tenant, (tx) => insert(tx, event(other)));
    expect(await events()).toEqual([one, other]);
  });

  it('has run when the next statement runs', async () => {
    const id = newId();
    const seen = await withTenant(tenant, async (tx) => {
      await insert(tx, event(id));
      const found = await tx.execute<{ id: string }>(
        sql`select id from audit_events where tenant_id = ${tenant.tenantId}`,
      );
      return found.rows;
    });
    expect(seen).toEqual([{ id }]);
  });

  it('comes to be with all of its like, however many', async () => {
    const ids = Array.from({ length: 100 }, () => newId());
    await withTenant(tenant, async (tx) => {
      for (const id of ids) await insert(tx, event(id));
    });
    expect(await events()).toEqual(ids);
  });

  it('comes to be twice on a connection that has never parsed it', async () => {
    const unparsed = alongside<{ tenantId: string; id: string }>(sql`
      insert into ${auditEvents} (tenant_id, id, actor_type, actor_name, action, target_type,
        target_id, target_name, outcome, request_id)
      values (${sql.placeholder('tenantId')}, ${sql.placeholder('id')}, 'system', 'System',
        'run.cancelled', 'run', 'r', 'Run', 'success', 'request')`);
    const ids = [newId(), newId()];
    await withTenant(tenant, async (tx) => {
      for (const id of ids) await unparsed(tx, { ...tenant, id });
    });
    expect(await events()).toEqual(ids);
  });

  it('undoes the transaction when it fails, and costs no connection', async () => {
    const before = await backend();
    const failing = withTenant(tenant, async (tx) => {
      await tx.execute(sql`update tenants set name = 'New' where id = ${tenant.tenantId}`);
      await insert(tx, event(newId(), null));
    });
    await expect(failing).rejects.toThrow(QueryError);
    await expect(failing).rejects.toMatchObject({ code: '23502' });
    expect(await names()).not.toContain('New');
    expect(await backend()).toBe(before);
  });

  it('fails the statement that it goes with', async () => {
    const failing = withTenant(tenant, async (tx) => {
      await insert(tx, event(newId(), null));
      await tx.execute(sql`update tenants set name = 'New' where id = ${tenant.tenantId}`);
    });
    await expect(failing).rejects.toMatchObject({ code: '23502' });
    expect(await names()).not.toContain('New');
  });

  it('does not come to be when the transaction is rolled back, or its savepoint', async () => {
    const kept = newId();
    await expect(
      withTenant(tenant, async (tx) => {
        await insert(tx, event(newId()));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await withTenant(tenant, async (tx) => {
      await insert(tx, event(kept));
      await tx
        .transaction(async (inner) => {
          await insert(inner, event(newId()));
          throw new Error('not this');
        })
        .catch(() => {});
    });
    expect(await events()).toEqual([kept]);
  });

  it('is refused where it would outlast its transaction', async () => {
    const setting = alongside<Record<never, never>>(sql`set role none`);
    const asked = withTenant(tenant, (tx) => setting(tx, {}));
    await expect(asked).rejects.toThrow(DoorMisuseError);
  });

  it('is not for another tenant', async () => {
    const other = await database.createTenant('Other');
    const failing = withTenant(tenant, (tx) => insert(tx, { ...event(newId()), ...other }));
    await expect(failing).rejects.toMatchObject({ code: '42501' });
  });

  it('says itself that the transaction has failed, or is over', async () => {
    const failed = withTenant(tenant, async (tx) => {
      await tx.execute(sql`select 1 / 0`).catch(() => {});
      await insert(tx, event(newId()));
    });
    await expect(failed).rejects.toMatchObject({ code: '25P02' });
    const late = await withTenant(tenant, async (tx) => () => insert(tx, event(newId())));
    await expect(late()).rejects.toThrow('over');
    expect(await events()).toEqual([]);
  });
});
