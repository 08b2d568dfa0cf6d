import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { and, desc, eq, type TenantContext, withTenant } from '@/db';
import { auditEvents, automations, connections } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import type { ActingContext } from '@/lib/tenancy';

const acting = ({ tenantId }: TenantContext): ActingContext => ({
  tenantId,
  actor: { type: 'system', id: null, name: 'Bench' },
  requestId: 'bench',
});

/** What a tenant does all day, in one transaction: reads a page of its record, changes, records. */
async function work(tenant: TenantContext, turn: number): Promise<void> {
  const context = acting(tenant);
  await withTenant(context, async (tx) => {
    await tx
      .select({ id: auditEvents.id })
      .from(auditEvents)
      .where(eq(auditEvents.tenantId, tenant.tenantId))
      .orderBy(desc(auditEvents.createdAt))
      .limit(50);
    await tx
      .update(automations)
      .set({ name: `Many ${turn}` })
      .where(eq(automations.tenantId, tenant.tenantId));
    await tx
      .update(connections)
      .set({ lastUsedAt: new Date() })
      .where(and(eq(connections.tenantId, tenant.tenantId), eq(connections.provider, 'google')));
    await recordAudit(tx, context, {
      action: 'run.finished',
      target: { type: 'run', id: String(turn), name: 'A run' },
    });
  });
}

/** Clients that work until they are stopped; one of each tenant, so that they never wait for one another. */
export function startLoad(tenants: readonly TenantContext[]) {
  const times: number[] = [];
  let going = true;
  const clients = tenants.map(async (tenant) => {
    for (let turn = 0; going; turn += 1) {
      const from = performance.now();
      await work(tenant, turn);
      times.push(performance.now() - from);
    }
  });
  return {
    async stop(): Promise<readonly number[]> {
      going = false;
      await Promise.all(clients);
      return times;
    },
  };
}

/** Milliseconds between two looks at who waits; a wait of 100 ms is seen several times. */
const lookEvery = 10;

/** Watches how long anybody but the engine has waited for a lock. */
export function watchLocks(owner: Client) {
  let going = true;
  let longest = 0;
  const watching = (async () => {
    while (going) {
      const { rows } = await owner.query<{ ms: number }>(
        `select coalesce(max(extract(epoch from clock_timestamp() - l.waitstart) * 1000), 0)::float8 as ms
           from pg_locks l join pg_stat_activity a on a.pid = l.pid
          where not l.granted and l.waitstart is not null and a.usename <> 'tenantry_engine'`,
      );
      longest = Math.max(longest, rows[0]?.ms ?? 0);
      await delay(lookEvery);
    }
  })();
  return {
    /** @returns milliseconds of the longest wait that was seen */
    async stop(): Promise<number> {
      going = false;
      await watching;
      return longest;
    },
  };
}
