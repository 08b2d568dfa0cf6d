import { describe, expect, it } from 'vitest';
import { acrossTenantsMark, shapeOf } from '.';

const app = (sql: string) => shapeOf('app', sql);
const textOf = (sql: string) => app(sql).text;
const unbound = (sql: string) => app(sql).unbound;

describe("a query's text", () => {
  it.each([
    ["select * from users where email = 'ada@acme.example'", 'ada@acme'],
    ["select E'it\\'s s3cret', 1", 's3cret'],
    ["select U&'s3cret' from t", 's3cret'],
    ['select $$s3cret$$', 's3cret'],
    ['select $body$s3cret $$ more$body$ from t', 's3cret'],
    ["select 'never closed s3cret", 's3cret'],
    ['select $body$never closed s3cret', 's3cret'],
    ['select 4242424242424242, 42.4242e10 from t limit 4242', '4242'],
    ["select 1 -- s3cret 'quoted\n from t", 's3cret'],
    ['select /* s3cret /* nested */ s3cret */ 1', 's3cret'],
    ["insert into t (a) values ('s3cret'), ('s3cret')", 's3cret'],
    ["select 'it''s s3cret'::text", 's3cret'],
  ])('has no literal and no comment of %j', (sql, secret) => {
    expect(textOf(sql)).not.toContain(secret);
  });

  it('keeps names, parameters and what the query does', () => {
    expect(textOf('select "t"."sort_name" from "T" as t\n  where t.x = $1 and y > 3')).toBe(
      'select "t"."sort_name" from "T" as t where t.x = $1 and y > ?',
    );
  });

  it('is cut when it is very long', () => {
    expect(textOf(`select ${Array(9_000).fill('a').join(', ')}`).length).toBeLessThan(8_010);
  });
});

describe('a fingerprint', () => {
  const same = (one: string, other: string) => app(one).fingerprint === app(other).fingerprint;

  it.each([
    [
      'select 1 from t where id in ($1) and x = $2',
      'select 1 from t where id in ($1, $2) and x = $3',
    ],
    ['select 1 where (a, b) in (($1, $2))', 'select 1 where (a, b) in (($1, $2), ($3, $4))'],
    ['select any_value(array[$1])', 'select any_value(array[$1, $2, $3])'],
    [
      'insert into t (a, b) values ($1, default) returning a',
      'insert into t (a, b) values ($1, default), ($2, default) returning a',
    ],
    ['select * from t where x = 1', "select * from t where x = 'two' -- why"],
    ['select $1::text', 'select  \n $1::text'],
  ])('is one for %j and %j', (one, other) => {
    expect(same(one, other)).toBe(true);
  });

  it.each([
    ['select a from t where id in ($1)', 'select a from t where id in (select $1)'],
    ['select "a" from t', 'select "A" from t'],
    ['select a from t', 'select b from t'],
  ])('tells %j and %j apart', (one, other) => {
    expect(same(one, other)).toBe(false);
  });

  it('tells roles apart', () => {
    const sql = 'select 1';
    expect(shapeOf('app', sql).fingerprint).not.toBe(shapeOf('engine', sql).fingerprint);
  });
});

describe('a statement on tenant tables', () => {
  it.each([
    'select * from "resources" where "resources"."tenant_id" = $1',
    'select * from resources r where $1 = r.tenant_id',
    'select * from resources where (tenant_id = $1::uuid and (kind = $2 or kind = $3))',
    'select * from runs r join automations a on a.tenant_id = r.tenant_id and a.id = r.automation_id where r.tenant_id = $1',
    'select * from runs r left join automations a using (tenant_id) where a.tenant_id = $1',
    'select * from runs where tenant_id = $1 and exists (select 1 from effects e where e.tenant_id = runs.tenant_id)',
    'insert into "resources" ("tenant_id", "id") values ($1, $2) on conflict ("tenant_id", "id") do update set "name" = excluded."name" returning "id"',
    'update "runs" set "state" = $1, "error" = $2 where ("runs"."tenant_id" = $3 and "runs"."id" = $4) returning "id"',
    'delete from resources where tenant_id = $1 and gone_at is not null',
    'select * from resources where tenant_id in ($1, $2)',
    'select * from resources where tenant_id = any($1)',
    'select * from resources where (tenant_id, id) in (($1, $2), ($3, $4))',
    'update jobs set dispatched_at = now() from unnest($1::uuid[], $2::uuid[]) as sent(tenant, job) where jobs.tenant_id = sent.tenant and jobs.id = sent.job',
    'with mine as (select * from runs where tenant_id = $1) select * from mine m join effects e on e.tenant_id = m.tenant_id',
    'select * from resources where tenant_id = current_tenant()',
    'select * from tenants t join connections c on c.tenant_id = t.id where t.id = $1',
    'select count(*) from (select 1 from runs where tenant_id = $1 limit 10) as some',
    'with gone as (delete from reports where tenant_id = $1 returning id) select count(*) from gone',
    'select extract(epoch from now()), a is not distinct from b from runs where tenant_id = $1 for update',
    'select name from tenants',
    'select 1',
  ])('is bound: %s', (sql) => {
    expect(unbound(sql)).toEqual([]);
  });

  it.each([
    ['select * from resources', ['resources']],
    ['select * from "public"."resources" where id = $1', ['resources']],
    ['select * from resources where tenant_id = $1 or kind = $2', ['resources']],
    ['select * from resources where not (tenant_id = $1)', ['resources']],
    ['select * from resources where tenant_id <> $1', ['resources']],
    ['select * from resources where tenant_id not in ($1)', ['resources']],
    ['select tenant_id = $1 from resources', ['resources']],
    ['select count(*) filter (where tenant_id = $1) from resources', ['resources']],
    [
      'select * from runs r join automations a on a.id = r.automation_id where r.tenant_id = $1',
      ['automations'],
    ],
    [
      'select * from runs r join automations a on a.tenant_id = r.tenant_id',
      ['automations', 'runs'],
    ],
    ['select * from audit_events e join tenants t on t.id = e.tenant_id', ['audit_events']],
    [
      'select * from runs where tenant_id = $1 and exists (select 1 from effects e where e.run_id = runs.id)',
      ['effects'],
    ],
    ['select 1 from runs where tenant_id = $1 union all select 1 from reports', ['reports']],
    ['update "runs" set "tenant_id" = $1', ['runs']],
    ['delete from resources where id = $1', ['resources']],
    ['with x as (delete from resources returning 1) select 1 from x', ['resources']],
    ['select * from runs, resources where runs.tenant_id = $1', ['resources']],
    ['insert into reports select * from reports where tenant_id = $1', ['reports']],
    ['select (select count(*) from jobs) from runs where tenant_id = $1', ['jobs']],
  ])('is not bound: %s', (sql, tables) => {
    expect(unbound(sql)).toEqual(tables);
  });

  it('may say why it reaches into several, unless it is the app role’s', () => {
    const sql = `${acrossTenantsMark('the relay serves everybody')} select * from jobs`;
    expect(shapeOf('engine', sql).acrossTenants).toBe('the relay serves everybody');
    expect(shapeOf('app', sql).acrossTenants).toBeUndefined();
    expect(shapeOf('engine', sql).text).toBe('select * from jobs');
  });
});
