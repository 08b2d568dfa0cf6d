import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { eq, sql, type TenantContext, tenantDb, tenantQuery } from '@/db';
import { poolOf } from '@/db/connections';
import { testDatabase } from '@/db/testing';
import { takeConnection } from './pool';

const database = testDatabase();
let tenant: TenantContext;

/** Of this test only; a migration changes its column's type. */
const changing = pgTable('changing', {
  tenantId: uuid('tenant_id').notNull(),
  value: text().notNull(),
});

const values = tenantQuery('test_changing', (db, p) =>
  db.select({ value: changing.value }).from(changing).where(eq(changing.tenantId, p.tenantId)),
);
const refusal = tenantQuery('test_refused', (db, p) =>
  db.select({ value: sql`refused()` }).from(changing).where(eq(changing.tenantId, p.tenantId)),
);

beforeEach(async () => {
  tenant = await database.createTenant();
  await database.owner.query(`
    drop table if exists changing;
    drop sequence if exists tries;
    create table changing (tenant_id uuid, value integer);
    insert into changing values ('${tenant.tenantId}', 1);
    create sequence tries;
    create or replace function refused() returns int language plpgsql as $$
      begin
        perform nextval('tries');
        raise exception 'no' using errcode = '0A000';
      end $$;
    grant select on changing to tenantry_app;
    grant usage on sequence tries to tenantry_app;
    grant execute on function refused() to tenantry_app`);
});

const tries = async () => {
  const { rows } = await database.owner.query<{ tries: string }>(
    'select last_value as tries from tries',
  );
  return Number(rows[0]?.tries);
};

describe('a read after a migration that has changed its answer', () => {
  it('is answered on every connection that had parsed it', async () => {
    const pool = poolOf('app');
    const held = await Promise.all([1, 2, 3, 4].map(() => takeConnection(pool)));
    // Each in turn is the only one that lies ready, and so the one that parses the statement.
    for (const at of held.keys()) {
      held[at]?.release();
      expect(await values(tenant, {})).toEqual([{ value: 1 }]);
      held[at] = await takeConnection(pool);
    }
    await database.owner.query('alter table changing alter value type text');
    for (const { release } of held) release();
    for (let time = 0; time < 4; time += 1) {
      expect(await values(tenant, {})).toEqual([{ value: '1' }]);
    }
    // All four have failed and are closed; the last answer came on a new one.
    expect(pool.totalCount).toBe(1);
  });
});

describe('a statement that fails as if it had been parsed for another answer', () => {
  it('is asked twice when it reads, and fails then', async () => {
    await expect(refusal(tenant, {})).rejects.toMatchObject({ code: '0A000' });
    expect(await tries()).toBe(2);
  });

  it('is not asked again when it may do more than read', async () => {
    const failing = tenantDb(tenant).execute(sql`select refused()`);
    await expect(failing).rejects.toMatchObject({ code: '0A000' });
    expect(await tries()).toBe(1);
  });
});
