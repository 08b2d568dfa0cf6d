import type { Client } from 'pg';
import type { Sizes } from './sizes';

/** What names are made of, in some scripts. */
const words =
  `annual quarterly monthly weekly daily budget forecast invoice receipt contract agreement
proposal offer letter minutes agenda meeting notes report summary analysis review audit policy handbook
manual guide training onboarding payroll expenses travel marketing campaign brochure newsletter press
release product roadmap design wireframe prototype research survey interview customer supplier partner
vendor order delivery shipment inventory warehouse logistics production quality safety incident risk
compliance legal patent trademark license insurance claim tax return balance sheet statement ledger
account bank loan mortgage investment portfolio dividend shareholder board strategy vision mission
objective target metric dashboard chart graph table list checklist template form application resume
candidate vacancy salary bonus benefit pension holiday absence calendar schedule timeline milestone
project task backlog sprint retrospective deployment server network database backup restore migration
upgrade security password access permission role user group team department office building floor room
furniture equipment laptop phone printer camera video photo image logo banner poster flyer card badge
ticket event conference workshop seminar webinar speaker slides script transcript recording podcast
article blog draft final archive copy Übersicht Rechnung Angebot Vertrag Prüfung Größe отчёт договор
счёт проект 報告書 契約 請求書 会議 日本語 συμβόλαιο تقرير 合同 发票`.split(/\s+/);

/** Names that only few rows of the large tenant have, and that only others have, a quarter of them. */
export const rareName = 'Zebrafish';
export const foreignName = 'Quokka';

const tenants = `
insert into tenants (id, name) select gen_random_uuid(), 'Tenant ' || n from generate_series(1, $1) n`;
const connections = `
insert into connections (tenant_id, id, provider, state, scopes, created_by)
select id, gen_random_uuid(), 'google', 'active', '{}', gen_random_uuid() from tenants`;
const discoveries = `
insert into discoveries (tenant_id, id, connection_id, state)
select tenant_id, gen_random_uuid(), id, 'succeeded' from connections`;

/**
 * Tenants' rows lie among one another, as they do where many discover at the same time. The numbers
 * come from a hash, so that they are the same each time.
 */
const resources = `
with owner as (
  select row_number() over (order by c.tenant_id) - 1 as n, c.tenant_id, c.id as connection_id, d.id as discovery_id
    from connections c join discoveries d using (tenant_id)
),
numbers as (
  select n, k, abs(hashint8extended(n * 1000003 + k, 7)) as h,
         case when n = 0 then k::float8 / $3 else k::float8 / $4 end as place
    from (select 0::bigint as n, k from generate_series(1, $3::int) k
          union all
          select n, k from generate_series(1, $2::int - 1) n, generate_series(1, $4::int) k) as rows
)
insert into resources (tenant_id, id, connection_id, kind, provider_id, name, attributes, last_seen_in)
select o.tenant_id, gen_random_uuid(), o.connection_id,
       case when h % 20 = 0 then 'folder' when h % 97 = 0 then 'calendar' else 'file' end,
       n || '-' || k,
       case when n = 0 and k % 28571 = 5 then '${rareName} study ' || k || '.pdf'
            when n > 0 and k % 4 = 0 then '${foreignName} ' || ($1::text[])[1 + h / 7 % cardinality($1)] || ' ' || k
            else initcap(($1::text[])[1 + h / 7 % cardinality($1)]) || ' ' || ($1::text[])[1 + h / 1777 % cardinality($1)]
                 || ' ' || h % 100000 || (array['.pdf', '.docx', '.xlsx', '.png', ''])[1 + h % 5] end,
       jsonb_build_object(
         'mimeType', (array['application/pdf', 'application/docx', 'application/xlsx', 'image/png', 'text/plain'])[1 + h % 5],
         'owner', 'person' || h % 500 || '@tenant' || n || '.example', 'shared', h % 3 = 0, 'bytes', h % 10000000,
         'modifiedAt', '2026-01-01T00:00:00Z', 'link', 'https://drive.example/d/' || k),
       o.discovery_id
  from numbers join owner o using (n) order by place`;

/** Fill without indexes, then make them: it takes a third of the time. */
async function withoutIndexes(client: Client, table: string, fill: () => Promise<void>) {
  const { rows } = await client.query<{ name: string; text: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as text
       from pg_index i where i.indrelid = $1::regclass and not i.indisprimary`,
    [table],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  await fill();
  for (const { text } of rows) await client.query(text);
}

/** Fill a database that was prepared. As a superuser: foreign keys hold by the way it is filled. */
export async function fillDatabase(client: Client, sizes: Sizes): Promise<void> {
  const each = Math.round((sizes.resources - sizes.large) / (sizes.tenants - 1));
  await client.query("set session_replication_role = replica; set maintenance_work_mem = '512MB'");
  await client.query(tenants, [sizes.tenants]);
  await client.query(connections);
  await client.query(discoveries);
  await withoutIndexes(client, 'resources', async () => {
    await client.query(resources, [words, sizes.tenants, sizes.large, each]);
  });
  await client.query('vacuum analyze');
}

/**
 * A table with a policy or of a size of its own, shaped like `resources`. A tenant's rows come in
 * batches, as discovery writes them.
 */
export async function makeCopy(
  client: Client,
  { name, tenants, rows, policy }: { name: string; tenants: number; rows: number; policy: string },
): Promise<void> {
  await client.query(
    `create table ${name} (like resources including defaults including generated)`,
  );
  await client.query(
    `insert into ${name} (tenant_id, id, connection_id, kind, provider_id, name, last_seen_in)
     select t.id, gen_random_uuid(), t.id, 'file', 'provider-' || n, 'Report ' || n || '.pdf', t.id
       from generate_series(1, $2::int) n,
            (select gen_random_uuid() as id from generate_series(1, $1::int)) as t
      order by (n - 1) / 100, t.id, n`,
    [tenants, rows],
  );
  await client.query(`alter table ${name} add primary key (tenant_id, id);
    create index on ${name} (tenant_id, sort_name, id);
    alter table ${name} owner to tenantry_owner;
    alter table ${name} enable row level security, force row level security;
    create policy tenant_isolation on ${name} to tenantry_app using (${policy});
    grant select on ${name} to tenantry_app`);
  await client.query(`vacuum analyze ${name}`);
}
