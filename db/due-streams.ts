import { poolOf } from './connections';
import { tenantGoesOn } from './held';
import type { AuditStreamId, TenantId } from './ids';
import { acrossTenantsMark } from './observe';

/** A stream with events that wait to be sent, whoever's it is. */
export interface DueStream {
  readonly tenantId: TenantId;
  readonly streamId: AuditStreamId;
}

/**
 * Which streams have sealed events to send, longest due first, as `tenantry_engine`; reads nothing but
 * ids, places and times. Those of a tenant that is held stay due.
 */
export async function dueStreams(limit: number): Promise<DueStream[]> {
  const { rows } = await poolOf('engine').query<DueStream>({
    name: 'due-streams',
    text: `${acrossTenantsMark('events go to where organisations want them, whoever’s they are')}
           select s.tenant_id as "tenantId", s.id as "streamId"
             from audit_streams s
             join record_trees t on t.tenant_id = s.tenant_id and t.id = s.tenant_id
            where s.state = 'active' and s.next_attempt_at <= now() and t.size > s.position
              and ${tenantGoesOn('s.tenant_id')}
              and (s.claimed_until is null or s.claimed_until < now())
            order by s.next_attempt_at limit $1`,
    values: [limit],
  });
  return rows;
}
