import type { ClientBase } from 'pg';
import { schemaTables } from './declared';
import { type Finding, type Inspection, inspection, ourSchemas, warning } from './finding';

const regenerate = 'Generate a migration for it, or undo what was done by hand.';

/** Foreign keys are kept by triggers of PostgreSQL's own, which a superuser can switch off. */
async function switchedOff(client: ClientBase): Promise<Finding[]> {
  const { rows } = await client.query<{ table: string; keys: readonly string[] }>(
    `select t.tgrelid::regclass::text as table,
            array_agg(distinct coalesce(k.conname, t.tgname)::text) as keys
       from pg_trigger t join pg_class c on c.oid = t.tgrelid
       join pg_namespace n on n.oid = c.relnamespace
       left join pg_constraint k on k.oid = t.tgconstraint
      where t.tgisinternal and t.tgenabled not in ('O', 'A') and ${ourSchemas}
      group by 1 order by 1`,
  );
  return rows.map(({ table, keys }) =>
    warning(
      `The foreign keys of ${table} are switched off (${keys.join(', ')}): rows may point anywhere.`,
      `ALTER TABLE ${table} ENABLE TRIGGER ALL;`,
    ),
  );
}

/** Foreign keys and checks of the schema's files are there and were checked against all rows. */
export function constraints(): Inspection {
  return async (client) => {
    const { rows } = await client.query<{ table: string; name: string; valid: boolean }>(
      `select n.nspname || '.' || t.relname as table, k.conname as name, k.convalidated as valid
         from pg_constraint k join pg_class t on t.oid = k.conrelid
         join pg_namespace n on n.oid = t.relnamespace
        where n.nspname in ('public', 'engine') and k.contype in ('f', 'c')`,
    );
    const live = new Map(rows.map((row) => [`${row.table} ${row.name}`, row]));
    const missing = [...schemaTables().values()].flatMap((table) =>
      table.constraints
        .filter((name) => !live.has(`${table.name} ${name}`))
        .map((name) => warning(`Constraint ${name} on ${table.name} is not there.`, regenerate)),
    );
    const unchecked = rows
      .filter(({ valid }) => !valid)
      .map(({ table, name }) =>
        warning(
          `Constraint ${name} on ${table} was never checked against the rows that are there.`,
          `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`,
        ),
      );
    const off = await switchedOff(client);
    const findings = [...missing, ...unchecked, ...off];
    return { check: 'constraints', looked: rows.length, findings };
  };
}

/** Without an index, deleting a row at the far end of a foreign key scans the table. */
export function foreignKeyIndexes(): Inspection {
  return inspection<{ name: string; table: string; columns: readonly string[]; led: boolean }>(
    'foreign-key-indexes',
    `select k.conname as name, k.conrelid::regclass::text as table,
            array(select a.attname::text from unnest(k.conkey) with ordinality c(num, at)
                    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.num
                   order by c.at) as columns,
            exists (select from pg_index i
                     where i.indrelid = k.conrelid and i.indisvalid and i.indpred is null
                       and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey) as led
       from pg_constraint k join pg_class c on c.oid = k.conrelid
       join pg_namespace n on n.oid = c.relnamespace
      where k.contype = 'f' and n.nspname in ('public', 'engine') order by 2, 1`,
    [],
    ({ name, table, columns, led }) =>
      led
        ? []
        : [
            warning(
              `Foreign key ${name} of ${table} has no index that starts with (${columns.join(', ')}).`,
              'Add the index to the declaration and generate a migration.',
            ),
          ],
  );
}
