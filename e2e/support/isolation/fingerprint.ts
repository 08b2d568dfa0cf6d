import type { Cast, Tenant } from './cast';
import { tenantTables } from './world';

/**
 * Everything that a tenant has, as one text: the same before and after means that nothing of theirs
 * was made, changed or taken. Denials are left out: attacks leave some; so are the sealed record and
 * the index, which the background grows from events that stand in `audit_events`.
 */
export async function fingerprint(
  { pool }: Pick<Cast, 'pool'>,
  { id }: Pick<Tenant, 'id'>,
): Promise<Readonly<Record<string, string>>> {
  const tables = tenantTables
    .map(({ name }) => name)
    .filter(
      (name) => name !== 'tenant_access_logs' && !/^(?:denial|record_|audit_index)/.test(name),
    );
  const sums = tables.map(
    (name) => `select '${name}' as "table",
      count(*) || ' rows ' || md5(coalesce(string_agg(t::text, '|' order by t.id), '')) as sum
      from "${name}" t where t.tenant_id = $1`,
  );
  const { rows } = await pool.query<{ table: string; sum: string }>(
    `${sums.join(' union all ')}
     union all select 'tenants', md5(t::text) from tenants t where t.id = $1
     union all select 'users', md5(coalesce(string_agg(u::text, '|' order by u.id), ''))
       from users u join memberships m on m.user_id = u.id where m.tenant_id = $1`,
    [id],
  );
  return Object.fromEntries(rows.map(({ table, sum }) => [table, sum]));
}

/** Who is what in a tenant: attacks must not have made anybody more than they were. */
export async function rolesIn({ pool }: Pick<Cast, 'pool'>, { id }: Pick<Tenant, 'id'>) {
  const { rows } = await pool.query<{ user_id: string; role: string }>(
    'select user_id, role from memberships where tenant_id = $1 order by user_id',
    [id],
  );
  return rows;
}
