import { Client } from 'pg';
import type { TenantId } from '@/db';
import type { PreparedDatabase } from '@/db/migrate';
import { quickToFill, startDatabaseOverTcp } from '../database';

/** Tenants beside the large one, which has half of all events. */
const others = 2_000;

/** Events that the sealing has not come to: a second of the most that one process is asked to seal. */
const behind = 2_000;

/** Days that the events lie in. */
export const days = 400;

export interface FilledRecord {
  readonly urls: PreparedDatabase;
  readonly dataDir: string;
  readonly large: TenantId;
  readonly small: TenantId;
  stop(): Promise<void>;
}

/**
 * Events as the product writes them, in the order of time: half of them the large tenant's, a third by
 * automations. One in a hundred did not succeed, one in a million was denied; one kind of act in a
 * million is rare. Numbers come from a hash, so that they are the same each time.
 */
const events = `
with at as (
  select n, abs(hashint8extended(n, 7)) as h,
         (extract(epoch from date_trunc('day', now())) * 1000)::bigint
           - (($1::bigint - n) * ${days} * 86400000::bigint) / $1::bigint as ms
    from generate_series(1, $1::bigint) n
), made as (
  select *, case when n % 2 = 0 then 0 else 1 + (h % ${others})::int end as t from at
)
insert into audit_events (tenant_id, id, created_at, actor_type, actor_id, actor_name, action,
  target_type, target_id, target_name, outcome, request_id, run_id, connection_id, written_in)
select md5('tenant ' || t)::uuid,
       (lpad(to_hex(ms), 12, '0') || '7' || overlay(substr(md5(n::text), 1, 19) placing '8' from 4 for 1))::uuid,
       to_timestamp(ms / 1000.0),
       case when n % 3 = 0 then 'automation' else 'member' end,
       -- One member of the large tenant does a third of it, one did a single thing.
       case when n = 2000002 or n = 20002 then md5('seldom')::uuid
            when t = 0 and n % 3 = 1 then md5('busy')::uuid
            else md5('actor ' || t || ' ' || h % 97)::uuid end,
       'Somebody',
       case when n % 1000000 = 8 or n = 20008 then 'keys.shredded'
            else 'act.number.' || h % 30 end,
       'run', 'target', 'Something',
       case when n % 1000000 = 10 or n = 20010 then 'denied' when h % 100 = 7 then 'failure'
            else 'success' end,
       md5('request ' || n / 3),
       case when n % 3 <> 0 then null when t = 0 and n % 50 = 0 then md5('large run')::uuid
            else md5('run ' || t || ' ' || n / 60)::uuid end,
       case when h % 3 = 0 then null else md5('connection ' || t || ' ' || h % 4)::uuid end,
       -- Spread over the transactions that there were, in the order of time.
       (3 + n * (pg_current_xact_id()::text::bigint - 4) / $1::bigint)::text::xid8
  from made`;

/** The newest, once more as they are while the sealing has not come to them. */
const unsealed = `
insert into audit_events (tenant_id, id, actor_type, actor_id, actor_name, action, target_type,
  target_id, target_name, outcome, request_id, run_id, connection_id)
select tenant_id, overlay(id::text placing right(md5(id::text), 12) from 25)::uuid, actor_type,
       actor_id, actor_name, action, target_type, target_id, target_name, outcome, request_id,
       run_id, connection_id
  from audit_events order by written_in desc, id desc limit ${behind}`;

/** What the sealing has written of the rest. */
const indexed = `
insert into audit_index (tenant_id, id, created_at, action, actor_id, outcome, request_id, run_id,
  connection_id)
select tenant_id, id, created_at, action, actor_id, outcome, request_id, run_id, connection_id
  from audit_events`;
const progress = `
update record_progress set done = pg_current_snapshot()::text
 where cluster = (select system_identifier::text from pg_control_system())`;

/** Fill a table without its indexes, then make them: it takes a tenth of the time. */
async function fillTable(
  owner: Client,
  table: 'audit_events' | 'audit_index',
  fill: () => Promise<unknown>,
): Promise<void> {
  const { rows: indexes } = await owner.query<{ name: string; text: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as text
       from pg_index where indrelid = $1::regclass and not indisprimary`,
    [table],
  );
  for (const { name } of indexes) await owner.query(`drop index ${name}`);
  await owner.query(`alter table ${table} drop constraint ${table}_pkey cascade`);
  await fill();
  await owner.query(
    `alter table ${table} add constraint ${table}_pkey primary key (tenant_id, id)`,
  );
  for (const { text } of indexes) await owner.query(text);
}

async function fillRecord(owner: Client, rows: number): Promise<void> {
  await fillTable(owner, 'audit_events', () => owner.query(events, [rows]));
  await fillTable(owner, 'audit_index', () => owner.query(indexed));
  const { rowCount } = await owner.query(progress);
  if (rowCount !== 1) throw new Error('how far the sealing is could not be said');
  await owner.query(unsealed);
}

/** A server of its own with so many events of 2,001 tenants. */
export async function createRecord(rows: number): Promise<FilledRecord> {
  const database = await startDatabaseOverTcp({
    ...{ shared_buffers: '2GB', max_wal_size: '16GB' },
    ...quickToFill,
  });
  const { urls, dataDir } = database;
  const owner = new Client(urls.owner);
  await owner.connect();
  try {
    await owner.query("set session_replication_role = replica; set maintenance_work_mem = '1GB'");
    await owner.query(
      `insert into tenants (id, name)
       select md5('tenant ' || t)::uuid, 'Tenant ' || t from generate_series(0, ${others}) t`,
    );
    await owner.query(
      `insert into users (id, email, name) values (md5('busy')::uuid, 'busy@x.example', 'Busy'),
         (md5('seldom')::uuid, 'seldom@x.example', 'Seldom')`,
    );
    await fillRecord(owner, rows);
    await owner.query('vacuum analyze');
    const { rows: ids } = await owner.query<{ large: TenantId; small: TenantId }>(
      `select md5('tenant 0')::uuid as large, md5('tenant 1')::uuid as small`,
    );
    const { large, small } = ids[0] as { large: TenantId; small: TenantId };
    return {
      ...{ urls, dataDir, large, small },
      async stop() {
        await database.stop();
      },
    };
  } finally {
    await owner.end();
  }
}
