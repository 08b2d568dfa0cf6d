import { Client } from 'pg';
import type { TenantId } from '@/db';
import type { PreparedDatabase } from '@/db/migrate';
import { startDatabaseOverTcp } from '../database';

export interface FilledConsole {
  readonly urls: PreparedDatabase;
  readonly tenant: TenantId;
  stop(): Promise<void>;
}

/** By each statement, with `$1` tenants; numbers are the same each time. */
const statements = [
  `insert into tenants (id, name, created_at)
   select md5('tenant ' || t)::uuid, 'Tenant ' || t, now() - interval '60 days'
     from generate_series(1, $1::int) t`,
  // Five connections each, one in fifty broken.
  `insert into connections (tenant_id, id, provider, state, state_changed_at, created_by)
   select md5('tenant ' || t)::uuid, md5('connection ' || t || ' ' || c)::uuid, 'google',
          case when (t + c) % 50 = 0 then 'needs_reconsent' else 'active' end,
          now() - make_interval(mins => t % 9000), gen_random_uuid()
     from generate_series(1, $1::int) t, generate_series(1, 5) c`,
  `insert into automations (tenant_id, id, name, template, parameters, connection_id, trigger, created_by)
   select md5('tenant ' || t)::uuid, md5('automation ' || t)::uuid, 'A', 'archive-newsletters', '{}',
          md5('connection ' || t || ' 1')::uuid, '{"type":"manual"}', gen_random_uuid()
     from generate_series(1, $1::int) t`,
  // Thirty runs each over 30 days; one in a thousand is not done.
  `insert into runs (tenant_id, id, automation_id, connection_id, state, trigger, parameters, created_at)
   select md5('tenant ' || t)::uuid, md5('run ' || t || ' ' || r)::uuid, md5('automation ' || t)::uuid,
          md5('connection ' || t || ' 1')::uuid,
          case when (t + r * 7) % 1000 = 0 then 'running' else 'succeeded' end, 'manual', '{}',
          now() - make_interval(mins => 20 + (t * 31 + r * 397) % 43000)
     from generate_series(1, $1::int) t, generate_series(1, 30) r`,
  `insert into jobs (tenant_id, id, kind, subject_id, request_id, created_at, dispatched_at)
   select tenant_id, md5('job ' || id)::uuid, 'run/requested', id, 'r', created_at, created_at from runs`,
  // What the engine remembers, and a queue of a piece of work each.
  `insert into engine.runs (id, function_id, event_id, event, tenant, lane, state, wake_at, ended_at)
   select gen_random_uuid(), 'automation-run', md5('job ' || id)::uuid::text, '{}', tenant_id::text,
          tenant_id::text, 'completed', null, created_at
     from runs where created_at > now() - interval '7 days'`,
  `insert into engine.runs (id, function_id, event_id, event, tenant, lane, state, wake_at)
   select gen_random_uuid(), 'automation-run', 'waiting ' || t, '{}', md5('tenant ' || t)::uuid::text,
          md5('tenant ' || t)::uuid::text, 'active', now() - make_interval(secs => t % 900)
     from generate_series(1, $1::int) t`,
  `insert into load_samples (minute, requests, failed, request_ms, waiting, held, scheduled, oldest_wait_ms, workers)
   select date_trunc('minute', now()) - make_interval(mins => m), m % 900, m % 7, m % 900 * 40,
          m % 50, 4, 10, m % 9000, 2
     from generate_series(0, 14 * 1440) m where $1::int > 0`,
  `insert into load_queues (minute, tenant_id, waiting, oldest_wait_ms)
   select date_trunc('minute', now()) - make_interval(mins => m),
          md5('tenant ' || 1 + (m * 20 + place) % $1::int)::uuid, m % 40, m % 9000
     from generate_series(0, 14 * 1440) m, generate_series(1, 20) place
   on conflict do nothing`,
] as const;

/** A server of its own with so many tenants, thirty runs and five connections each. */
export async function fillConsole(tenants: number): Promise<FilledConsole> {
  const database = await startDatabaseOverTcp({ shared_buffers: '1GB', max_wal_size: '8GB' });
  const { urls } = database;
  const owner = new Client(urls.owner);
  await owner.connect();
  try {
    // Nothing in here outlives the run.
    await owner.query('set session_replication_role = replica; set synchronous_commit = off');
    for (const statement of statements) {
      const values = statement.includes('$1') ? [tenants] : [];
      await owner.query(statement, values);
    }
    await owner.query('vacuum analyze');
    const { rows } = await owner.query<{ id: TenantId }>(`select md5('tenant 1')::uuid as id`);
    return {
      ...{ urls, tenant: (rows[0] as { id: TenantId }).id },
      async stop() {
        await database.stop();
      },
    };
  } finally {
    await owner.end();
  }
}
