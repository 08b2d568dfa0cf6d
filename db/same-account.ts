import { poolOf } from './connections';
import type { ConnectionId, TenantId } from './ids';
import { acrossTenantsMark } from './observe';

/**
 * Whether the account behind a tenant's own connection is also connected in another organisation here;
 * as `tenantry_engine`. Says nothing else of it, and answers only for accounts that the tenant itself
 * was let into.
 */
export async function accountUsedElsewhere(
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<boolean> {
  const { rows } = await poolOf('engine').query<{ elsewhere: boolean }>({
    name: 'account-used-elsewhere',
    text: `${acrossTenantsMark('a grant that others live on must not be taken back')}
      select exists (
        select from connections mine join connections other
            on (other.provider || ' ' || other.account_id) = (mine.provider || ' ' || mine.account_id)
           and other.authority = mine.authority and other.tenant_id <> mine.tenant_id
         where mine.tenant_id = $1 and mine.id = $2
           and other.state not in ('pending', 'disconnected')
      ) as elsewhere`,
    values: [tenantId, connectionId],
  });
  return rows[0]?.elsewhere ?? false;
}
