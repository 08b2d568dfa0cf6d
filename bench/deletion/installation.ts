import { Client } from 'pg';
import {
  type DeletionId,
  newId,
  resetConnections,
  type TenantContext,
  type TenantId,
  withIdentity,
} from '@/db';
import { canaryOf, keyRing, keyStore } from '@/lib/vault';
import { holdTestKeys, newTestKey } from '@/lib/vault/testing';
import { startDatabase } from '../database';

export interface Installation {
  /** Who has very many rows, and is deleted. */
  readonly large: TenantContext;
  readonly others: readonly TenantContext[];
  readonly owner: Client;
  /** Have its deletion begin: the grace is over. */
  ask(): Promise<DeletionId>;
  stop(): Promise<void>;
}

/** Of a million rows, what they are: mostly records, as it is with tenants that have been here long. */
const shares = { audit_events: 0.4, provider_calls: 0.35, run_steps: 0.2, resources: 0.05 };

async function fill(owner: Client, { tenantId }: TenantContext, rows: number): Promise<void> {
  const [connection, automation] = [newId(), newId()];
  await owner.query(
    `insert into connections (tenant_id, id, provider, state, created_by)
     values ($1, $2, 'google', 'disconnected', $1)`,
    [tenantId, connection],
  );
  await owner.query(
    `insert into automations (tenant_id, id, name, template, parameters, connection_id, trigger, created_by)
     values ($1, $2, 'Many', 'external-files', '{}', $3, '{"type":"manual"}', $1)`,
    [tenantId, automation, connection],
  );
  const of = (table: keyof typeof shares) => Math.round(rows * shares[table]);
  await owner.query(
    `insert into audit_events (tenant_id, id, created_at, actor_type, actor_name, action, target_type,
       target_id, target_name, outcome, request_id)
     select $1, gen_random_uuid(), now() - at * interval '1 second', 'system', 'Tenantry', 'run.finished',
            'run', at::text, 'A run', 'success', 'r' || at from generate_series(1, $2::int) at`,
    [tenantId, of('audit_events')],
  );
  await owner.query(
    `insert into provider_calls (tenant_id, id, connection_id, method, path, outcome, duration_ms)
     select $1, gen_random_uuid(), $2, 'GET', '/gmail/v1/users/me/messages/' || at, 'ok', 20
       from generate_series(1, $3::int) at`,
    [tenantId, connection, of('provider_calls')],
  );
  await owner.query(
    `with made as (
       insert into runs (tenant_id, id, automation_id, connection_id, state, trigger, parameters, finished_at)
       select $1, gen_random_uuid(), $2, $3, 'succeeded', 'manual', '{}', now()
         from generate_series(1, $4::int / 20)
       returning id
     )
     insert into run_steps (tenant_id, id, run_id, key, position, action, title, state)
     select $1, gen_random_uuid(), made.id, 'step/' || at, at, 'find', 'Find files', 'succeeded'
       from made, generate_series(1, 20) at`,
    [tenantId, automation, connection, of('run_steps')],
  );
  await owner.query(
    `insert into resources (tenant_id, id, connection_id, kind, provider_id, name, last_seen_in)
     select $1, gen_random_uuid(), $2, 'file', 'f' || at, 'File ' || at, $1
       from generate_series(1, $3::int) at`,
    [tenantId, connection, of('resources')],
  );
  await owner.query('analyze');
}

/** A database of its own: one tenant with this many rows, and some others. */
export async function startInstallation(rows: number, others: number): Promise<Installation> {
  const database = await startDatabase();
  const { urls } = database;
  process.env.DATA_DIR = database.dataDir;
  holdTestKeys(newTestKey());
  await resetConnections(urls);
  const owner = new Client(urls.owner);
  await owner.connect();
  const { wanted } = keyRing();
  const state = { keyEncryptionKeyId: wanted.id, canary: await canaryOf(wanted) };
  await withIdentity((tx) => keyStore().setState(tx, { ...state, rotationSince: null }));
  const tenants = Array.from({ length: others + 1 }, () => ({ tenantId: newId<TenantId>() }));
  for (const { tenantId } of tenants) {
    await owner.query('insert into tenants (id, name) values ($1, $2)', [tenantId, tenantId]);
  }
  const [large, ...rest] = tenants as [TenantContext, ...TenantContext[]];
  await fill(owner, large, rows);
  for (const one of rest) await fill(owner, one, 2_000);
  return {
    large,
    others: rest,
    owner,
    async ask() {
      const id = newId<DeletionId>();
      await owner.query(
        `insert into tenant_deletions (tenant_id, id, origin, tenant_name, grace_until, told_at)
         values ($1, $2, 'staff', 'Large', now(), now())`,
        [large.tenantId, id],
      );
      return id;
    },
    async stop() {
      await owner.end();
      await resetConnections();
      await database.stop();
    },
  };
}
