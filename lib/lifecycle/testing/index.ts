import { type DeletionId, newId, type TenantId } from '@/db';
import type { TestDatabase } from '@/db/testing';
import { readCatalogue } from '@/e2e/isolation/support/catalogue';
import { Filler, insertOf } from '@/e2e/isolation/support/fill';
import { newMark } from '@/e2e/isolation/support/marks';
import { sealRecord } from '@/lib/record';

/** A tenant with a row in every table there is. */
export async function fullTenant(database: TestDatabase): Promise<TenantId> {
  const { owner } = database;
  const mark = newMark('tenant');
  const filler = await Filler.create(owner, await readCatalogue(owner));
  const shared = new Map();
  // What no tenant's row needs is there once already.
  for (const { id, rowSecurity, tenantColumn } of filler.order) {
    if (rowSecurity || tenantColumn) continue;
    const { rows } = await owner.query(`select * from ${id} limit 1`);
    if (rows[0]) shared.set(id, rows[0]);
  }
  await filler.hold(mark, shared, async (relation, row) => {
    const { text, values } = insertOf(relation, row);
    await owner.query(text, values);
  });
  const tenantId = mark.tenantId as TenantId;
  await owner.query('delete from tenant_deletions where tenant_id = $1', [tenantId]);
  await owner.query(`update tenants set state = 'active' where id = $1`, [tenantId]);
  // Nobody's signatures and keys: the real ones are made when they are needed.
  for (const table of ['vault_state', 'record_signers']) await owner.query(`delete from ${table}`);
  await owner.query(
    `delete from record_progress
      where cluster <> (select system_identifier::text from pg_control_system())`,
  );
  for (const table of ['trees', 'leaves', 'tiles', 'checkpoints', 'keys', 'waiting']) {
    await owner.query(`delete from record_${table} where tenant_id = $1`, [tenantId]);
  }
  await owner.query('delete from tenant_keys where tenant_id = $1', [tenantId]);
  // What was made up has no provider, and nobody of its people is staff.
  await owner.query(`update connections set state = 'pending' where tenant_id = $1`, [tenantId]);
  await owner.query(
    `delete from staff where user_id in (select user_id from memberships where tenant_id = $1)`,
    [tenantId],
  );
  // Written just now, and sealed: nothing is left for a deletion to seal of its neighbours.
  await owner.query(
    'update audit_events set written_in = pg_current_xact_id() where tenant_id = $1',
    [tenantId],
  );
  await sealRecord();
  return tenantId;
}

/** A deletion of which the grace is over, and the owners were told. */
export async function askedDeletion(
  { owner }: TestDatabase,
  tenantId: TenantId,
  graceUntil = new Date(Date.now() - 1_000),
): Promise<DeletionId> {
  const id = newId<DeletionId>();
  await owner.query(
    `insert into tenant_deletions
       (tenant_id, id, origin, tenant_name, asked_name, asked_email, grace_until, told_at)
     values ($1, $2, 'owner', 'Acme', 'Ada Example', 'ada@acme.example', $3, now())`,
    [tenantId, id, graceUntil],
  );
  return id;
}

/**
 * Digests of all rows that are not this tenant's, by table. Where a row says in no column whose it is,
 * the tenant's are those that hold one of its ids.
 */
export async function othersRows(
  { owner }: TestDatabase,
  tenantId: TenantId,
): Promise<Readonly<Record<string, string>>> {
  const { relations } = await readCatalogue(owner);
  const digests: Record<string, string> = {};
  for (const { id, sql, schema, kind, tenantColumn } of relations) {
    if (kind !== 'table' || schema !== 'public' || itself.has(id)) continue;
    const theirs = tenantColumn
      ? `${tenantColumn} is distinct from $1::uuid`
      : `t::text not like '%' || left($1::uuid::text, 8) || '%'`;
    const { rows } = await owner.query<{ digest: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '') as digest
         from ${sql} t where ${theirs}`,
      [tenantId],
    );
    digests[id] = rows[0]?.digest ?? '';
  }
  return digests;
}

/** What deletions write themselves: their own rows, how far the sealing is, and who signed. */
const itself = new Set([
  'public.tenant_deletions',
  'public.record_signers',
  'public.record_progress',
]);
