import { poolUsage } from '@/db';
import { denialQueue } from '@/lib/denials';
import { engineStatus } from '@/lib/jobs';
import { registerGauge } from '@/lib/observability';

/** Publish how queue and pools stand. Each value is over all tenants: no label names one. */
export function registerGauges(): void {
  registerGauge(
    'tenantry_engine_runs',
    'Background runs by what they wait for',
    async () => {
      const { waiting, held, scheduled, unrouted } = await engineStatus();
      return Object.entries({ waiting, held, scheduled, unrouted }).map(([state, value]) => ({
        labels: { state },
        value,
      }));
    },
    ['state'],
  );
  registerGauge(
    'tenantry_engine_oldest_wait_seconds',
    'How long the background run that waits longest has been due',
    async () => [{ value: (await engineStatus()).oldestWaitMs / 1_000 }],
  );
  registerGauge('tenantry_engine_workers', 'Processes that carry out background runs', async () => [
    { value: (await engineStatus()).workers },
  ]);
  registerGauge(
    'tenantry_database_connections',
    'Connections to the database by role and use; waiting are requests without one',
    async () =>
      poolUsage().flatMap(({ role, open, idle, waiting }) =>
        Object.entries({ busy: open - idle, idle, waiting }).map(([state, value]) => ({
          labels: { role, state },
          value,
        })),
      ),
    ['role', 'state'],
  );
  registerGauge(
    'tenantry_denials_in_memory',
    'Refused accesses that could not be put on record yet (waiting), or never will be (lost)',
    async () => {
      const { waiting, lost } = denialQueue();
      return Object.entries({ waiting, lost }).map(([state, value]) => ({
        labels: { state },
        value,
      }));
    },
    ['state'],
  );
}
