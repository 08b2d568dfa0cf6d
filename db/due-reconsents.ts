import { poolOf } from './connections';
import { tenantGoesOn } from './held';
import type { ReconsentRequestId, TenantId } from './ids';
import { acrossTenantsMark } from './observe';

/** A request to reconsent about which somebody is to be told, whoever's it is. */
export interface DueReconsent {
  readonly tenantId: TenantId;
  readonly requestId: ReconsentRequestId;
}

/**
 * Which requests have a mail due, longest due first, as `tenantry_engine`; reads nothing but ids and
 * times.
 */
export async function dueReconsents(limit: number): Promise<DueReconsent[]> {
  const { rows } = await poolOf('engine').query<DueReconsent>({
    name: 'due-reconsents',
    text: `${acrossTenantsMark('mails of campaigns go out when they are due, whoever’s they are')}
           select tenant_id as "tenantId", id as "requestId"
             from reconsent_requests
            where next_mail_at <= now() and ${tenantGoesOn('reconsent_requests.tenant_id')}
            order by next_mail_at limit $1`,
    values: [limit],
  });
  return rows;
}
