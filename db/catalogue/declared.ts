import { is } from 'drizzle-orm';
import { getTableConfig, type PgPolicy, PgRole, PgTable } from 'drizzle-orm/pg-core';
import * as schema from '../schema';
import * as engine from '../schema/engine';
import { declaredStart, type LiveStart, sameStart, startWords } from './defaults';
import { type Finding, type Inspection, inspection, warning } from './finding';

export interface DeclaredColumn {
  readonly type: string;
  readonly notNull: boolean;
  /** What it starts with; undefined for nothing. */
  readonly start: string | undefined;
}

export interface DeclaredPolicy {
  readonly name: string;
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete';
  /** Whom it is for. */
  readonly role: string;
  /** Lets rows through, rather than holding back some of those that others let through. */
  readonly permissive: boolean;
}

/** What the schema's files say of a table. */
export interface DeclaredTable {
  /** As `schema.table`. */
  readonly name: string;
  readonly columns: ReadonlyMap<string, DeclaredColumn>;
  /** Indexes and the indexes of keys: name → its columns, null where one is an expression. */
  readonly indexes: ReadonlyMap<string, readonly string[] | null>;
  /** Foreign keys and checks, by name. */
  readonly constraints: readonly string[];
  readonly policies: readonly DeclaredPolicy[];
}

/** A name as PostgreSQL keeps it: at most 63 bytes. */
const kept = (name: string) => name.slice(0, 63);

function indexesOf(config: ReturnType<typeof getTableConfig>): Map<string, string[] | null> {
  const found = new Map<string, string[] | null>();
  const names = (columns: readonly { readonly name: string }[]) => columns.map(({ name }) => name);
  for (const { config: index } of config.indexes) {
    const columns = index.columns.map((column) =>
      'name' in column ? (column.name as string | undefined) : undefined,
    );
    const plain = columns.every((name) => name !== undefined);
    if (index.name) found.set(index.name, plain ? (columns as string[]) : null);
  }
  for (const key of config.primaryKeys) found.set(key.getName(), names(key.columns));
  for (const key of config.uniqueConstraints) {
    found.set(key.getName() ?? '', names(key.columns));
  }
  for (const column of config.columns) {
    if (column.primary) found.set(`${config.name}_pkey`, [column.name]);
    if (column.isUnique && column.uniqueName) found.set(column.uniqueName, [column.name]);
  }
  return found;
}

function declaredPolicy({ name, for: command = 'all', to, as }: PgPolicy): DeclaredPolicy {
  const role = is(to, PgRole) ? to.name : 'PUBLIC';
  return { name, command, role, permissive: as !== 'restrictive' };
}

function declaredTable(table: PgTable): DeclaredTable {
  const config = getTableConfig(table);
  const columns = config.columns.map((column): [string, DeclaredColumn] => [
    column.name,
    { type: column.getSQLType(), notNull: column.notNull, start: declaredStart(column) },
  ]);
  return {
    name: `${config.schema ?? 'public'}.${config.name}`,
    columns: new Map(columns),
    indexes: indexesOf(config),
    constraints: [
      ...config.foreignKeys.map((key) => kept(key.getName())),
      ...config.checks.map(({ name }) => kept(name)),
    ],
    policies: config.policies.map(declaredPolicy),
  };
}

let tables: ReadonlyMap<string, DeclaredTable> | undefined;

/** Every table of the schema's files, by `schema.table`. */
export function schemaTables(): ReadonlyMap<string, DeclaredTable> {
  tables ??= new Map(
    [...Object.values(schema), ...Object.values(engine)]
      .filter((value) => is(value, PgTable))
      .map((table) => declaredTable(table as PgTable))
      .map((table) => [table.name, table] as const),
  );
  return tables;
}

interface LiveColumn extends LiveStart {
  readonly name: string;
  readonly type: string;
  readonly not_null: boolean;
}

interface LiveTable {
  readonly name: string;
  readonly served: boolean;
  readonly columns: readonly LiveColumn[];
}

const regenerate = 'Generate a migration for it, or undo what was done by hand.';

function judgeColumn(table: string, column: LiveColumn, wanted: DeclaredColumn): Finding[] {
  const findings: Finding[] = [];
  if (wanted.type !== column.type || wanted.notNull !== column.not_null) {
    const words = (type: string, notNull: boolean) => `${type}${notNull ? ' not null' : ''}`;
    findings.push(
      warning(
        `Column ${column.name} of ${table} is ${words(column.type, column.not_null)} and was declared as ${words(wanted.type, wanted.notNull)}.`,
        regenerate,
      ),
    );
  }
  if (!sameStart(column, wanted.start)) {
    const does = wanted.start === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${wanted.start}`;
    const settable = !wanted.start?.startsWith('generated') && column.kind === '';
    findings.push(
      warning(
        `Column ${column.name} of ${table} starts with ${startWords(column)} and was declared to start with ${wanted.start ?? 'nothing'}.`,
        settable ? `ALTER TABLE ${table} ALTER COLUMN ${column.name} ${does};` : regenerate,
      ),
    );
  }
  return findings;
}

function judgeColumns({ name, columns }: LiveTable, declared: DeclaredTable): Finding[] {
  const live = new Map(columns.map((column) => [column.name, column]));
  const missing = [...declared.columns.keys()]
    .filter((column) => !live.has(column))
    .map((column) => warning(`Column ${column} of ${name} is not there.`, regenerate));
  const drifted = columns.flatMap((column) => {
    const wanted = declared.columns.get(column.name);
    if (!wanted) {
      return [warning(`Column ${column.name} of ${name} is in no declaration.`, regenerate)];
    }
    return judgeColumn(name, column, wanted);
  });
  return [...missing, ...drifted];
}

/** The tables and columns that are there are those of the schema's files. */
export function declaredTablesOnly(): Inspection {
  const find = inspection<LiveTable>(
    'declared',
    `select n.nspname || '.' || c.relname as name,
            exists (select from aclexplode(c.relacl) a
                     where a.grantee <> c.relowner) as served,
            coalesce((select json_agg(json_build_object(
                        'name', t.attname, 'type', format_type(t.atttypid, t.atttypmod) ||
                          coalesce(' collate ' || quote_ident(l.collname), ''),
                        'not_null', t.attnotnull, 'kind', t.attidentity::text || t.attgenerated::text,
                        'start', pg_get_expr(b.adbin, b.adrelid)) order by t.attnum)
                from pg_attribute t left join pg_attrdef b on b.adrelid = t.attrelid and b.adnum = t.attnum
                join pg_type y on y.oid = t.atttypid
                left join pg_collation l on l.oid = t.attcollation and l.oid <> y.typcollation
               where t.attrelid = c.oid and t.attnum > 0 and not t.attisdropped), '[]') as columns
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('public', 'engine') and c.relkind in ('r', 'p') and not c.relispartition
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
      order by 1`,
    [],
    (table) => {
      const declared = schemaTables().get(table.name);
      if (declared) return judgeColumns(table, declared);
      const what = `Table ${table.name} is in no declaration.`;
      const fix = 'Declare it with tenantTable or controlTable, or drop it.';
      return [table.served ? { what, fix } : warning(what, fix)];
    },
  );
  return async (client) => {
    const result = await find(client);
    const { rows } = await client.query<{ name: string }>(
      `select name from unnest($1::text[]) name
        where not exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                           where n.nspname || '.' || c.relname = name and c.relkind in ('r', 'p'))`,
      [[...schemaTables().keys()]],
    );
    const missing = rows.map(({ name }) =>
      warning(
        `Table ${name} is not there.`,
        'A first start makes it. One that was there comes back from a backup.',
      ),
    );
    return { ...result, findings: [...result.findings, ...missing] };
  };
}

interface LiveIndex {
  readonly table: string;
  readonly name: string;
  readonly usable: boolean;
  readonly columns: readonly (string | null)[];
}

function judgeIndex(
  live: ReadonlyMap<string, LiveIndex>,
  name: string,
  wanted: readonly string[] | null,
  table: string,
): Finding[] {
  const found = live.get(`${table} ${name}`);
  if (!found)
    return [
      warning(
        `Index ${name} on ${table} is not there: reads of it scan.`,
        `Run its statement in drizzle/ again, as CREATE INDEX CONCURRENTLY${wanted ? ` (it is on ${wanted.join(', ')})` : ''}.`,
      ),
    ];
  if (!found.usable)
    return [
      warning(
        `Index ${name} on ${table} is invalid: nothing uses it.`,
        `REINDEX INDEX CONCURRENTLY ${name};`,
      ),
    ];
  if (wanted && found.columns.join() !== wanted.join()) {
    return [
      warning(
        `Index ${name} on ${table} is on (${found.columns.join(', ')}) and was declared on (${wanted.join(', ')}).`,
        regenerate,
      ),
    ];
  }
  return [];
}

/** Every index of the schema's files is there, usable and on its columns. */
export function indexes(): Inspection {
  return async (client) => {
    const { rows } = await client.query<LiveIndex>(
      `select n.nspname || '.' || t.relname as table, c.relname as name,
              i.indisvalid and i.indisready as usable,
              array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality k(num, at)
                      left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num and k.num > 0
                     order by k.at) as columns
         from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
         join pg_namespace n on n.oid = t.relnamespace
        where n.nspname in ('public', 'engine')`,
    );
    const live = new Map(rows.map((index) => [`${index.table} ${index.name}`, index]));
    const known = new Set<string>();
    const findings = [...schemaTables().values()].flatMap((table) =>
      [...table.indexes].flatMap(([name, columns]) => {
        known.add(`${table.name} ${name}`);
        return judgeIndex(live, name, columns, table.name);
      }),
    );
    const others = rows
      .filter(({ table, name, usable }) => !usable && !known.has(`${table} ${name}`))
      .map(({ table, name }) =>
        warning(
          `Index ${name} on ${table} is invalid: nothing uses it.`,
          `DROP INDEX CONCURRENTLY ${name};`,
        ),
      );
    return { check: 'indexes', looked: rows.length, findings: [...findings, ...others] };
  };
}
