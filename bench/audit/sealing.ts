import { sealRecord } from '@/lib/record';
import type { Report } from '../bench';
import { median, rounded } from '../measure';
import type { Installation } from '../vault/installation';

const ROUNDS = 3;
const goal = 2_000;

/** How many events a second get their leaf, over many organisations at once. */
export async function measureSealing(
  { owner, tenants }: Installation,
  report: Report,
  events: number,
): Promise<void> {
  await sealRecord();
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await owner.query(
      `insert into audit_events (tenant_id, id, actor_type, actor_id, actor_name, action, target_type,
         target_id, target_name, outcome, request_id, ip_address, user_agent, details)
       select ($1::uuid[])[1 + n % cardinality($1)], gen_random_uuid(), 'member', gen_random_uuid(),
              'Ada Example', 'connection.state_changed', 'connection', gen_random_uuid()::text,
              'account@example.com', 'success', 'request-' || n, '192.0.2.1',
              'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
              '{"before": "active", "after": "degraded"}'
         from generate_series(1, $2) n`,
      [tenants.map(({ tenantId }) => tenantId), events],
    );
    const start = performance.now();
    const sealed = await sealRecord();
    rates.push((sealed / (performance.now() - start)) * 1_000);
  }
  report({
    name: `sealing, ${tenants.length} organisations: events a second`,
    value: rounded(median(rates), 0),
    unit: '1/s',
    goal: { atLeast: goal },
  });
}
