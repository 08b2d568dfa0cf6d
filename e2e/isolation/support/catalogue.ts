import type { ClientBase } from 'pg';

/** What the suite walks: everything in schemas that are not PostgreSQL's own, as it is right now. */

export interface Column {
  readonly name: string;
  /** As a cast takes it: `character varying(20)`, `text[]`. */
  readonly type: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  /** A statement may give it a value: it is neither generated nor an identity. */
  readonly writable: boolean;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** `schema.name` of the table that it points to. */
  readonly target: string;
  readonly targetColumns: readonly string[];
}

export interface Key {
  readonly name: string;
  readonly primary: boolean;
  /** Of all rows, and by columns alone: no condition, no expressions. */
  readonly plain: boolean;
  /** Without the expressions among them. */
  readonly columns: readonly string[];
}

export interface Check {
  readonly name: string;
  readonly expression: string;
  readonly columns: readonly string[];
}

export interface Relation {
  readonly schema: string;
  readonly name: string;
  /** `schema.name`. */
  readonly id: string;
  /** Quoted for use in a statement. */
  readonly sql: string;
  readonly kind: 'table' | 'view' | 'materialized view' | 'foreign table' | 'sequence';
  readonly isPartition: boolean;
  readonly rowSecurity: boolean;
  /** The column that says whose row it is; none where a policy finds it out otherwise. */
  readonly tenantColumn: string | undefined;
  readonly columns: readonly Column[];
  readonly keys: readonly Key[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
}

export interface Routine {
  /** Schema, name and the types of its arguments: `search.words(text, jsonb)`. */
  readonly signature: string;
  readonly name: string;
  readonly schema: string;
  readonly definer: boolean;
  readonly argumentTypes: readonly string[];
  /** It answers rows, rather than one value. */
  readonly rows: boolean;
}

export interface Catalogue {
  readonly relations: readonly Relation[];
  readonly routines: readonly Routine[];
}

const notOurs = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";
/** What an extension brought along is its own. */
const notExtensions = (catalogue: string, oid: string) =>
  `not exists (select from pg_depend e where e.classid = '${catalogue}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;
const names = (table: string, numbers: string) => `array(
  select a.attname::text from unnest(${numbers}) with ordinality u(number, at)
    join pg_attribute a on a.attrelid = ${table} and a.attnum = u.number order by u.at)`;

const relationsQuery = `
select n.nspname as schema, c.relname as name, n.nspname || '.' || c.relname as id,
       format('%I.%I', n.nspname, c.relname) as sql,
       case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
         when 'f' then 'foreign table' when 'S' then 'sequence' else 'table' end as kind,
       c.relispartition as "isPartition", c.relrowsecurity as "rowSecurity",
       coalesce(
         (select a.attname::text from pg_attribute a
           where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped),
         (select substring(pg_get_expr(p.polqual, p.polrelid) from '^\\(([a-z_]+) = (?:public\\.)?current_tenant\\(\\)\\)$')
            from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant_isolation')
       ) as "tenantColumn",
       coalesce((select json_agg(json_build_object(
            'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
            'hasDefault', a.atthasdef or a.attidentity <> '',
            'writable', a.attgenerated = '' and a.attidentity = '') order by a.attnum)
          from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns,
       coalesce((select json_agg(json_build_object(
            'name', x.relname, 'primary', i.indisprimary,
            'plain', i.indpred is null and i.indexprs is null,
            'columns', ${names('c.oid', 'i.indkey::int2[]')}) order by x.relname)
          from pg_index i join pg_class x on x.oid = i.indexrelid
         where i.indrelid = c.oid and i.indisunique), '[]') as keys,
       coalesce((select json_agg(json_build_object(
            'name', k.conname, 'columns', ${names('c.oid', 'k.conkey')},
            'target', tn.nspname || '.' || t.relname,
            'targetColumns', ${names('t.oid', 'k.confkey')}) order by k.conname)
          from pg_constraint k join pg_class t on t.oid = k.confrelid
          join pg_namespace tn on tn.oid = t.relnamespace
         where k.conrelid = c.oid and k.contype = 'f'), '[]') as "foreignKeys",
       coalesce((select json_agg(json_build_object(
            'name', k.conname, 'expression', pg_get_expr(k.conbin, k.conrelid),
            'columns', ${names('c.oid', 'k.conkey')}) order by k.conname)
          from pg_constraint k where k.conrelid = c.oid and k.contype = 'c'), '[]') as checks
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where ${notOurs} and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${notExtensions('pg_class', 'c.oid')}
 order by 1, 2`;

const routinesQuery = `
select n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')' as signature,
       p.proname as name, n.nspname as schema, p.prosecdef as definer, p.proretset as rows,
       array(select format_type(t.type, null) from unnest(p.proargtypes) with ordinality t(type, at) order by t.at) as "argumentTypes"
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
 where ${notOurs} and ${notExtensions('pg_proc', 'p.oid')} order by 1`;

/** Read what there is. The login must see the whole catalogue, as every login does. */
export async function readCatalogue(client: ClientBase): Promise<Catalogue> {
  const relations = await client.query<Relation>(relationsQuery);
  const routines = await client.query<Routine>(routinesQuery);
  return {
    relations: relations.rows.map((row) => ({
      ...row,
      tenantColumn: row.tenantColumn ?? undefined,
    })),
    routines: routines.rows,
  };
}

/** The columns of the primary key, or of another unique key where there is none. */
export function identityOf({ keys }: Relation): readonly string[] {
  return (keys.find(({ primary }) => primary) ?? keys[0])?.columns ?? [];
}
