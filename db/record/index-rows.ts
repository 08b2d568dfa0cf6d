import type { ClientBase } from 'pg';
import type { AuditEventId, TenantId } from '../ids';
import { acrossTenantsMark } from '../observe';

const everybody = acrossTenantsMark('what all tenants have on record is indexed behind the writes');

/** Characters of a text that are indexed; nobody asks for more than one fewer (`lib/audit/contract.ts`). */
const most = 129;

const columns =
  'tenant_id, id, created_at, action, actor_id, outcome, request_id, run_id, connection_id';

/**
 * What an event is found by. Cut, since an entry of an index must not be larger than a third of a
 * page: one event that SQL which got in has written would otherwise hold up everybody's sealing.
 */
const values = `e.tenant_id, e.id, e.created_at, left(e.action, ${most}), e.actor_id,
  left(e.outcome, ${most}), left(e.request_id, ${most}), e.run_id, e.connection_id`;

/** Put events into `audit_index`; one that stands in it stays as it is. */
export async function indexEvents(
  client: ClientBase,
  events: readonly { readonly tenantId: TenantId; readonly id: AuditEventId }[],
): Promise<void> {
  if (events.length === 0) return;
  await client.query(
    `insert into audit_index (${columns})
     select ${values} from unnest($1::uuid[], $2::uuid[]) n(tenant, event)
       join audit_events e on e.tenant_id = n.tenant and e.id = n.event
     on conflict do nothing`,
    [events.map(({ tenantId }) => tenantId), events.map(({ id }) => id)],
  );
}

/** Put in every event that is not in it. */
export async function indexMissing(client: ClientBase): Promise<void> {
  await client.query(
    `${everybody} insert into audit_index (${columns})
     select ${values} from audit_events e
      where not exists (select from audit_index i where i.tenant_id = e.tenant_id and i.id = e.id)
     on conflict do nothing`,
  );
}
