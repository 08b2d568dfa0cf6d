import { type ConnectionId, newId } from '../ids';
import type { TenantContext } from '../tenant';
import type { TestDatabase } from './index';

/** A row in a tenant table that says whose it is, in a column of its own. */
export interface KnownRow extends TenantContext {
  readonly id: ConnectionId;
}

/** Give each of some tenants some rows (connections) that carry their tenant's id as account. */
export async function createKnownRows(
  database: TestDatabase,
  tenants: number,
  rowsEach: number,
): Promise<KnownRow[]> {
  const known: KnownRow[] = [];
  for (let at = 0; at < tenants; at += 1) {
    const tenant = await database.createTenant(`Tenant ${at}`);
    const ids = Array.from({ length: rowsEach }, () => newId<ConnectionId>());
    await database.owner.query(
      `insert into connections (tenant_id, id, provider, account_email, account_id, created_by)
       select $1::uuid, id, 'google', $1::uuid::text, id::text, $1::uuid from unnest($2::uuid[]) id`,
      [tenant.tenantId, ids],
    );
    known.push(...ids.map((id) => ({ tenantId: tenant.tenantId, id })));
  }
  return known;
}
