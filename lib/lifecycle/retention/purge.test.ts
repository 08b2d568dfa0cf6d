import { expect, it } from 'vitest';
import { newId, type TenantContext, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { purgeTenant } from './purge';
import { retentionOf } from './read';

const database = testDatabase();

const count = async (table: string, { tenantId }: TenantContext): Promise<number> => {
  const { rows } = await database.owner.query<{ n: number }>(
    `select count(*)::int as n from ${table} where tenant_id = $1`,
    [tenantId],
  );
  return rows[0]?.n ?? 0;
};

/** Runs, calls, refusals, mails, jobs and gone resources: half of them of this many days ago. */
async function aged(days: number): Promise<TenantContext> {
  const tenant = await database.createTenant();
  const { owner } = database;
  const [connection, automation] = [newId(), newId()];
  await owner.query(
    `insert into connections (tenant_id, id, provider, state, created_by) values ($1, $2, 'google', 'active', $1)`,
    [tenant.tenantId, connection],
  );
  await owner.query(
    `insert into automations (tenant_id, id, name, template, parameters, connection_id, trigger, created_by)
     values ($1, $2, 'A', 'external-files', '{}', $3, '{"type":"manual"}', $1)`,
    [tenant.tenantId, automation, connection],
  );
  for (const at of [days, 0]) {
    const [run, step, report] = [newId(), newId(), newId()];
    const then = new Date(Date.now() - at * 86_400_000);
    const old = (text: string, values: readonly unknown[]) =>
      owner.query(text, [tenant.tenantId, then, ...values]);
    await old(
      `insert into runs (tenant_id, created_at, id, automation_id, connection_id, state, trigger, parameters, finished_at)
       values ($1, $2, $3, $4, $5, 'succeeded', 'manual', '{}', $2)`,
      [run, automation, connection],
    );
    await old(
      `insert into run_steps (tenant_id, created_at, id, run_id, key, position, action, title)
       values ($1, $2, $3, $4, 'a', 1, 'find', 'Find')`,
      [step, run],
    );
    await old(
      `insert into reports (tenant_id, created_at, id, run_id, title, columns) values ($1, $2, $3, $4, 'R', '[]')`,
      [report, run],
    );
    await old(
      `insert into report_rows (tenant_id, created_at, id, report_id, position, cells)
       select $1, $2, gen_random_uuid(), $3, at, '{}' from generate_series(1, 5) at`,
      [report],
    );
    await old(
      `insert into provider_calls (tenant_id, created_at, id, connection_id, method, path, outcome, duration_ms)
       values ($1, $2, $3, $4, 'GET', '/x', 'ok', 1)`,
      [newId(), connection],
    );
    await old(
      `insert into tenant_access_logs (tenant_id, created_at, minute, last_seen_at, id, method, path, reason, request_id)
       values ($1, $2, date_trunc('minute', $2::timestamptz), $2, $3, 'GET', '/x', 'not_found', 'r')`,
      [newId()],
    );
    await old(
      `insert into mails (tenant_id, created_at, id, recipient, subject, sealed_body, sent_at)
       values ($1, $2, $3, 'a@b.example', 'S', '', $2)`,
      [newId()],
    );
    await old(
      `insert into jobs (tenant_id, created_at, id, kind, subject_id, request_id, dispatched_at)
       values ($1, $2, (lpad(to_hex((extract(epoch from $2::timestamptz) * 1000)::bigint), 12, '0') || '7000800000000000' || lpad($3, 4, '0'))::uuid, 'k', $1, 'r', $2)`,
      [String(at % 9)],
    );
    await old(
      `insert into resources (tenant_id, created_at, id, connection_id, kind, provider_id, name, last_seen_in, gone_at)
       values ($1, $2, $3, $4, 'file', $5, 'F', $1, $2)`,
      [newId(), connection, `f${at}`],
    );
  }
  return tenant;
}

const tables = [
  'runs',
  'run_steps',
  'reports',
  'provider_calls',
  'tenant_access_logs',
  'mails',
  'jobs',
  'resources',
] as const;

it('deletes what is older than is kept, and leaves the rest', async () => {
  const tenant = await aged(500);
  const purged = await purgeTenant(tenant);
  for (const table of tables) expect(await count(table, tenant), table).toBe(1);
  expect(await count('report_rows', tenant)).toBe(5);
  expect(purged.map(({ kind, rows }) => [kind, rows])).toEqual([
    ['runs', 1],
    ['provider_calls', 1],
    ['access_logs', 1],
    ['mails', 1],
    ['jobs', 1],
    ['resources', 1],
  ]);
});

it('keeps for each tenant what its own limits say', async () => {
  const tenant = await aged(60);
  expect(await purgeTenant(tenant)).toEqual([]);
  await database.owner.query(
    `insert into tenant_limits (tenant_id, id, retention_runs_days, retention_resources_days)
     values ($1, gen_random_uuid(), 30, 30)`,
    [tenant.tenantId],
  );
  const purged = await purgeTenant(tenant);
  expect(purged.map(({ kind, days, rows }) => [kind, days, rows])).toEqual([
    ['runs', 30, 1],
    ['resources', 30, 1],
  ]);
});

it('puts on record what went, and never touches the record itself', async () => {
  const tenant = await aged(500);
  await database.owner.query(
    `insert into audit_events (tenant_id, id, created_at, actor_type, actor_name, action, target_type,
       target_id, target_name, outcome, request_id)
     values ($1, gen_random_uuid(), now() - interval '4000 days', 'system', 'T', 'run.finished', 'run',
             'x', 'x', 'success', 'r')`,
    [tenant.tenantId],
  );
  await purgeTenant(tenant);
  const { rows } = await database.owner.query(
    `select action, details from audit_events where tenant_id = $1 order by created_at, id limit 2`,
    [tenant.tenantId],
  );
  expect(rows).toMatchObject([
    { action: 'run.finished' },
    { action: 'retention.purged', details: { kind: 'runs', days: 365, rows: 1 } },
  ]);
  expect(await retentionOf(tenant)).toMatchObject([
    { kind: 'runs', days: 365, lastRows: 1, rows: 1 },
    { kind: 'provider_calls', rows: 1 },
    { kind: 'access_logs', days: 90 },
    { kind: 'mails' },
    { kind: 'jobs' },
    { kind: 'resources' },
    { kind: 'consents', days: 30 },
  ]);
  expect(await purgeTenant(tenant)).toEqual([]);
  expect(await withTenant(tenant, async () => true)).toBe(true);
});

it('forgets consents and links that are over, and none that is open', async () => {
  const tenant = await database.createTenant();
  const connection = newId();
  await database.owner.query(
    `insert into connections (tenant_id, id, provider, state, created_by) values ($1, $2, 'google', 'pending', $1)`,
    [tenant.tenantId, connection],
  );
  for (const days of [-31, -29, 3]) {
    const link = newId();
    await database.owner.query(
      `insert into consent_links (tenant_id, id, connection_id, purpose, token_hash, for_email, made_by, expires_at)
       values ($1, $2, $3, 'reconsent', $4, 'it@b.example', $1, now() + make_interval(days => $5))`,
      [tenant.tenantId, link, connection, `hash${days}`, days],
    );
    await database.owner.query(
      `insert into consent_requests (tenant_id, id, connection_id, state_hash, session_hash,
                                     sealed_verifier, link_id, scopes, expires_at)
       values ($1, gen_random_uuid(), $2, $4, '', '', $3, '{}', now() + make_interval(days => $5))`,
      [tenant.tenantId, connection, link, `state${days}`, days],
    );
  }
  expect(await purgeTenant(tenant)).toMatchObject([{ kind: 'consents', days: 30, rows: 2 }]);
  for (const table of ['consent_links', 'consent_requests']) {
    expect(await count(table, tenant), table).toBe(2);
  }
});

it('leaves what other tenants have', async () => {
  const [one, other] = [await aged(500), await aged(500)];
  await purgeTenant(one);
  for (const table of tables) expect(await count(table, other), table).toBe(2);
});
