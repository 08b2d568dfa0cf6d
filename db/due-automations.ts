import { poolOf } from './connections';
import { tenantGoesOn } from './held';
import type { AutomationId, TenantId } from './ids';
import { acrossTenantsMark } from './observe';

/** An automation whose time has come, whoever's it is. */
export interface DueAutomation {
  readonly tenantId: TenantId;
  readonly automationId: AutomationId;
  /** The time that has come: whoever moves it on has the slot. */
  readonly slot: Date;
}

/**
 * Which automations are due, longest overdue first. The one look across tenants that the scheduler
 * takes, as `tenantry_engine`; it reads nothing but ids and times. Those of a tenant that is held stay
 * due.
 */
export async function dueAutomations(limit: number): Promise<DueAutomation[]> {
  const { rows } = await poolOf('engine').query<DueAutomation>({
    name: 'due-automations',
    text: `${acrossTenantsMark('the scheduler starts what is due, whoever’s it is')}
           select tenant_id as "tenantId", id as "automationId", next_run_at as slot
             from automations
            where next_run_at <= now() and enabled and archived_at is null
              and ${tenantGoesOn('automations.tenant_id')}
            order by next_run_at limit $1`,
    values: [limit],
  });
  return rows;
}
